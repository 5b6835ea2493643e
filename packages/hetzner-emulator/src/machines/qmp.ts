import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";

/** QEMU's machine protocol: commands with answers, and events in between. */
export interface Qmp {
  /** @throws Error with QEMU's own words, or when it has ended. */
  execute(command: string, args?: object): Promise<unknown>;
  /** The first event that fits, from now on; undefined when QEMU ends before. */
  event(name: string, fits?: (data: EventData) => boolean): Promise<EventData | undefined>;
}

type EventData = Readonly<Record<string, unknown>>;

const messageSchema = z.union([
  z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) }),
  z.object({ id: z.int(), error: z.object({ desc: z.string() }) }),
  z.object({ id: z.int(), return: z.unknown() }),
  z.object({ QMP: z.unknown() }),
]);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
interface Listener {
  readonly name: string;
  readonly fits: (data: EventData) => boolean;
  readonly resolve: (data: EventData | undefined) => void;
}

/** Speaks with a QEMU whose monitor is on these streams. */
export function openQmp(input: Writable, output: Readable): Qmp {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<Listener>();
  let lastId = 0;
  let hasEnded = false;
  input.on("error", () => undefined); // that QEMU has ended is seen on the other stream

  const lines = createInterface({ input: output });
  lines.on("line", (line) => {
    const message = messageSchema.parse(JSON.parse(line));
    if ("event" in message) tell(message.event, message.data);
    else if ("id" in message) {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if ("error" in message) reject?.(new Error(`QEMU: ${message.error.desc}`));
      else resolve?.(message.return);
    }
  });
  lines.on("close", () => {
    hasEnded = true;
    for (const { reject } of waiting.values()) reject(new Error("QEMU has ended"));
    for (const { resolve } of listeners) resolve(undefined);
    waiting.clear();
    listeners.clear();
  });

  function tell(name: string, data: EventData): void {
    for (const listener of listeners) {
      if (listener.name !== name || !listener.fits(data)) continue;
      listeners.delete(listener);
      listener.resolve(data);
    }
  }

  const qmp: Qmp = {
    execute(command, args = {}) {
      return new Promise((resolve, reject) => {
        if (hasEnded) {
          reject(new Error("QEMU has ended"));
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        input.write(`${JSON.stringify({ execute: command, arguments: args, id: lastId })}\n`);
      });
    },
    event(name, fits = () => true) {
      return new Promise((resolve) => {
        if (hasEnded) resolve(undefined);
        else listeners.add({ name, fits, resolve });
      });
    },
  };
  return qmp;
}
