import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const bundle = "etc/ssl/certs/ca-certificates.crt";

/** Lets what runs on a root file system trust the authority besides those of its image. */
export function trust(root: string, image: string, ca: string | undefined): void {
  if (ca === undefined) return;
  put(join(root, bundle), readFileSync(join(image, bundle), "utf8") + ca);
  // The package's trigger would make the bundle anew of these.
  put(join(root, "usr/local/share/ca-certificates/world.crt"), ca);
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
