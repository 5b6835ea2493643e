import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Store, StoredState } from "./store.ts";

/** Many changes close together are one write: with 1,000 servers the file has a megabyte. */
const quietMilliseconds = 50;

export interface StateFile {
  read(): StoredState | undefined;
  /** Writes soon. */
  changed(store: Store): void;
  /** Writes now. */
  flush(store: Store): void;
}

/**
 * The cloud's state on disk, never half written.
 *
 * @throws Error from `read` for a file that this emulator did not write.
 */
export function createStateFile(path: string): StateFile {
  let timer: NodeJS.Timeout | undefined;
  const write = (store: Store) => {
    writeFileSync(`${path}.new`, JSON.stringify(store.state()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    read: () => (existsSync(path) ? parse(path, readFileSync(path, "utf8")) : undefined),
    changed(store) {
      timer ??= setTimeout(() => {
        timer = undefined;
        write(store);
      }, quietMilliseconds);
    },
    flush(store) {
      clearTimeout(timer);
      timer = undefined;
      write(store);
    },
  };
}

const lists = ["servers", "volumes", "primaryIps", "firewalls", "sshKeys", "images", "actions"];

function parse(path: string, text: string): StoredState {
  try {
    const state = JSON.parse(text);
    if (lists.every((list) => Array.isArray(state[list])) && Number.isInteger(state.nextId))
      return state;
  } catch {
    // Said below, without the file's content.
  }
  throw new Error(`${path} holds no emulator state. Name another file, or remove this one`);
}
