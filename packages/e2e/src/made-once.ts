import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";

/** Makes a folder that stays: whole or not at all, whoever else makes it at the same time. */
export async function madeOnce(
  dir: string,
  make: (unfinished: string) => Promise<void>,
): Promise<string> {
  if (existsSync(dir)) return dir;
  const unfinished = `${dir}.${process.pid}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await make(unfinished);
    try {
      renameSync(unfinished, dir);
    } catch (error) {
      if (!existsSync(dir)) throw error; // another process may have been faster
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return dir;
}
