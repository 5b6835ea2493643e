import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export type Walked = { readonly file: string } | { readonly unreadable: string };

/** Every regular file at or below a path, in order of name. Symbolic links are not followed. */
export async function* walk(path: string, except: ReadonlySet<string>): AsyncGenerator<Walked> {
  if (except.has(path)) return;
  const status = await attempt(() => lstat(path));
  if (status instanceof Error) {
    yield { unreadable: `${path}: ${reason(status)}` };
  } else if (status.isFile()) {
    yield { file: path };
  } else if (status.isDirectory()) {
    const entries = await attempt(() => readdir(path, { withFileTypes: true }));
    if (entries instanceof Error) {
      yield { unreadable: `${path}: ${reason(entries)}` };
      return;
    }
    for (const entry of entries.toSorted(byName)) yield* walk(join(path, entry.name), except);
  }
}

/** Why the system refused, without the path that its message repeats. */
export function reason(error: unknown): string {
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  if (code === "ENOENT") return "not there";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return typeof code === "string" ? code : String(error);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
