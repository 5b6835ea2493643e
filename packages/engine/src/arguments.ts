import { resolve } from "node:path";

export interface PulumiArguments {
  /** The arguments for the engine; a folder given by -C is absolute in them. */
  readonly args: string[];
  /** The folder in which the engine will work. */
  readonly folder: string;
}

/**
 * Reads `-C DIR`, `-CDIR`, `--cwd DIR` and `--cwd=DIR`, which the engine takes anywhere before `--`. A
 * relative DIR counts from `from`; the last one wins, as in the engine.
 */
export function readArguments(args: readonly string[], from: string): PulumiArguments {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const read: string[] = [];
  let folder = from;
  const take = (value: string) => {
    folder = resolve(from, value);
    return folder;
  };
  for (let i = 0; i < end; i += 1) {
    const arg = args[i] ?? "";
    const next = i + 1 < end ? args[i + 1] : undefined;
    const attached = /^(?:--cwd=|-C=?)(.+)$/s.exec(arg)?.[1];
    if (attached !== undefined) {
      read.push("-C", take(attached));
    } else if ((arg === "-C" || arg === "--cwd") && next !== undefined) {
      read.push("-C", take(next));
      i += 1;
    } else {
      read.push(arg);
    }
  }
  return { args: [...read, ...args.slice(end)], folder };
}
