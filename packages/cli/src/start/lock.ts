import { mkdirSync } from "node:fs";
import { lock } from "proper-lockfile";

/**
 * Holds the folder for one command at a time; a second one says so and waits.
 *
 * @returns what lets go of it.
 */
export async function lockFolder(
  dir: string,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // The lock lies beside the folder, because `--down` removes the folder itself.
  const options = { lockfilePath: `${dir}.lock`, stale: 15_000 };
  try {
    return await lock(dir, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    say("another `npm start` is at work in this checkout; waiting for it ...");
    return lock(dir, { ...options, retries: { forever: true, minTimeout: 250, maxTimeout: 1000 } });
  }
}
