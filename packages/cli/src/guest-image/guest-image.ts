import { basename, join } from "node:path";
import { type GuestFile, installFiles, parseSettings } from "@bureau/desk";
import { makeBase } from "./base.ts";
import { cached, imageCache } from "./cache.ts";
import { makeDisk } from "./disk.ts";
import { makePrebaked } from "./prebaked.ts";
import { contentHash, debianPackages, extraAuthorities, leftOut, suite } from "./recipe.ts";

export interface GuestImageOptions {
  /** With what a desk would install at its first boot. */
  readonly prebaked?: boolean;
  /** For virtual machines: a disk and a kernel in place of a root file system. */
  readonly vm?: boolean;
  /** npm registry for it; npm's default where it is not given. */
  readonly registry?: string;
  readonly say: (line: string) => void;
}

/** The folder of a guest image, as the emulator takes it; made where it is missing. */
export async function guestImage(options: GuestImageOptions): Promise<string> {
  const { vm = false, say } = options;
  const rootfs = await rootfsImage(options);
  if (!vm) return rootfs;
  return cached(
    join(imageCache(), `vm-${contentHash("disk 1", basename(rootfs))}`),
    async (dir) => {
      say("making a disk and a kernel of it; takes about half a minute");
      await makeDisk(dir, rootfs);
    },
    say,
  );
}

/** A root file system, in `rootfs` of the folder. */
async function rootfsImage({ prebaked, registry, say }: GuestImageOptions): Promise<string> {
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
