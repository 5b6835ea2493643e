import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { lock, unlockSync } from "proper-lockfile";

/** How often a waiting run looks whether the lock is free, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** A lock whose holder has not refreshed it for this long is that of a run that died. */
const STALE_AFTER_MS = 15_000;

/** Does the work while holding the lock of `path`, which need not exist; says so when it has to wait. */
export async function withLock<T>(
  path: string,
  progress: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  await acquire(path, progress);
  try {
    return await work();
  } finally {
    // At once: a process that was told to end does so in the next turn of its loop.
    unlockSync(path, { realpath: false });
  }
}

async function acquire(path: string, progress: (line: string) => void) {
  const options = { realpath: false, stale: STALE_AFTER_MS };
  try {
    return await lock(path, options);
  } catch (error) {
    if (!isHeld(error)) throw error;
  }
  progress("another run is at work on the engine; waiting for it");
  const retries = { forever: true, minTimeout: LOOK_EVERY_MS, maxTimeout: LOOK_EVERY_MS };
  return lock(path, { ...options, retries });
}

function isHeld(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ELOCKED";
}
