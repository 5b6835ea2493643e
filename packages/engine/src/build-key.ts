import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The name under which a build is kept: it changes with any file that goes into it, with the
 * recipe and with the platform. The Go version is left out on purpose: what is there stays good, also
 * when Go is upgraded or taken away.
 */
export function buildKey(
  files: ReadonlyMap<string, Uint8Array>,
  recipe: readonly string[],
  platform: string,
): string {
  const hash = createHash("sha256");
  // Each value goes in with its length, so that no two lists of values read the same.
  const add = (value: string | Uint8Array) => {
    const bytes = Buffer.from(value);
    hash.update(`${bytes.length}:`).update(bytes);
  };
  for (const name of [...files.keys()].sort()) {
    add(name);
    add(files.get(name) ?? "");
  }
  recipe.forEach(add);
  add(platform);
  return hash.digest("hex").slice(0, 16);
}

/** Every file below a folder but those of tests, by its path from there. */
export function buildInputs(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isInput(entry.name))
      files.set(relative(folder, path), readFileSync(path));
  }
  return files;
}

/** Go's sources and module files; what a build writes beside them is no input. */
function isInput(name: string): boolean {
  return (
    (/\.go$/.test(name) && !name.endsWith("_test.go")) || name === "go.mod" || name === "go.sum"
  );
}
