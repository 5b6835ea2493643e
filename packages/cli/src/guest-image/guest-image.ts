import { join } from "node:path";
import { type GuestFile, installFiles, parseSettings } from "@bureau/desk";
import { makeBase } from "./base.ts";
import { cached, imageCache } from "./cache.ts";
import { makePrebaked } from "./prebaked.ts";
import { contentHash, debianPackages, extraAuthorities, leftOut, suite } from "./recipe.ts";

export interface GuestImageOptions {
  /** With what a desk would install at its first boot. */
  readonly prebaked?: boolean;
  /** npm registry for it; npm's default where it is not given. */
  readonly registry?: string;
  readonly say: (line: string) => void;
}

/** The folder of a guest image, with its root file system in `rootfs`; made where it is missing. */
export async function guestImage({ prebaked, registry, say }: GuestImageOptions): Promise<string> {
  const cache = imageCache();
  const hash = contentHash("base 1", suite, debianPackages, leftOut, extraAuthorities());
  const base = await cached(
    join(cache, `base-${hash}`),
    async (dir) => {
      say("making the Debian 13 image; takes about half a minute");
      await makeBase(dir);
    },
    say,
  );
  if (prebaked !== true) return base;
  const files = bakedFiles(registry);
  return cached(
    join(cache, `prebaked-${contentHash(hash, files)}`),
    async (dir) => {
      say("installing Node and OpenClaw into it; takes about two minutes");
      await makePrebaked(dir, base, files);
    },
    say,
  );
}

/** The install script and what it reads, for a desk with every default. */
function bakedFiles(registry: string | undefined): GuestFile[] {
  const settings = parseSettings("image", {
    provider: { name: "anthropic", apiKey: "sk-ant-only-so-that-settings-parse" },
    ...(registry === undefined ? {} : { agent: { registry } }),
  });
  return installFiles(settings);
}
