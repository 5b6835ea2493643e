import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Walked {
  readonly file: string;
  /** Undefined where it could not be read. */
  readonly content: Buffer | undefined;
}

/** Larger files are no state, log or plan; they are told as not searched. */
const largestFile = 512 * 1024 * 1024;

/** Every regular file below a path, one at a time. Symbolic links are not followed. */
export async function* walk(path: string, skip: readonly string[]): AsyncGenerator<Walked> {
  if (skip.includes(path)) return;
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) {
    yield { file: path, content: undefined };
  } else if (stat.isDirectory()) {
    const names = await readdir(path).catch(() => undefined);
    if (names === undefined) yield { file: path, content: undefined };
    for (const name of (names ?? []).sort()) yield* walk(join(path, name), skip);
  } else if (stat.isFile()) {
    const content =
      stat.size > largestFile ? undefined : await readFile(path).catch(() => undefined);
    yield { file: path, content };
  }
}
