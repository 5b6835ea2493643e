import { resolve } from "node:path";

export interface PulumiArguments {
  /** The arguments for the engine; a folder given by -C is absolute in them. */
  readonly args: string[];
  /** The folder that was given, absolute; undefined when none was. */
  readonly folder: string | undefined;
}

/**
 * Reads `-C DIR`, `-CDIR`, `--cwd DIR` and `--cwd=DIR`, which the engine takes anywhere before `--`. A
 * relative DIR counts from `from`; the last one wins, as in the engine.
 */
export function readArguments(args: readonly string[], from: string): PulumiArguments {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const read: string[] = [];
  let folder: string | undefined;
  const take = (value: string) => {
    const absolute = resolve(from, value);
    folder = absolute;
    return absolute;
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
