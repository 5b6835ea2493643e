import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultCache } from "@bureau/engine";
import { lock } from "proper-lockfile";

/** Where images are kept, beside the engine's parts. */
export function imageCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(defaultCache(env), "guest");
}

/**
 * The folder with that content; made where it is missing, whole or not at all, by one process at a
 * time.
 */
export async function cached(
  dir: string,
  make: (dir: string) => Promise<void>,
  say: (line: string) => void,
): Promise<string> {
  if (existsSync(dir)) return dir;
  mkdirSync(dirname(dir), { recursive: true, mode: 0o755 });
  const release = await holdLock(dir, say);
  try {
    if (existsSync(dir)) return dir;
    const unfinished = `${dir}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    try {
      await make(unfinished);
      renameSync(unfinished, dir);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    return dir;
  } finally {
    await release();
  }
}

async function holdLock(dir: string, say: (line: string) => void) {
  const options = { realpath: false, stale: 30_000 };
  try {
    return await lock(dir, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  say("another run is making the image; waiting for it");
  return lock(dir, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 500 } });
}
