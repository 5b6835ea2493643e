import { randomBytes } from "node:crypto";
import { type AddressInfo, isIPv4 } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createApp } from "./app.ts";
import { createContext, type Limits } from "./context.ts";
import type { Fault } from "./faults.ts";
import type { Machines } from "./machines.ts";
import { type RateLimit, vendorRateLimit } from "./rate-limit.ts";
import type { RecordedRequest } from "./recorder.ts";
import { createStateFile } from "./state-file.ts";
import { Store, type StoredState } from "./store.ts";

export interface EmulatorOptions {
  /** @default 0 - a free one */
  readonly port?: number;
  /** A loopback address. @default "127.0.0.1" */
  readonly host?: string;
  /** The only token that is accepted. @default - any of 64 characters */
  readonly token?: string;
  /** Where the cloud's state is kept between runs. @default - nowhere */
  readonly stateFile?: string;
  /** Whether actions are done at once or take seconds. @default "instant" */
  readonly actions?: "instant" | "realistic";
  /** @default - the vendor's: 3,600 an hour */
  readonly rateLimit?: RateLimit | false;
  readonly limits?: Partial<Limits>;
  readonly machines?: Machines;
  /** @default - the machine's clock */
  readonly now?: () => Date;
  /** Gets every answer, undefined for one without JSON, to hold it against a description. */
  readonly onResponse?: (request: RecordedRequest, body: unknown) => void;
}

export type Snapshot = Omit<StoredState, "nextId">;

/** A Hetzner Cloud API on loopback: a test double of the vendor's, with a memory. */
export interface Emulator {
  /** Ends in /v1. */
  readonly url: string;
  /** One that is accepted. */
  readonly token: string;
  /** A copy of everything that is in the cloud now. */
  snapshot(): Snapshot;
  /** Empties the cloud, and forgets requests and faults. */
  reset(): void;
  /** Makes the next request that fits go wrong. */
  failNext(fault: Fault): void;
  /** Every request since the start or the last reset, in order. */
  requests(): readonly RecordedRequest[];
  /** Ends it, open connections too, with its state written. */
  close(): Promise<void>;
}

/**
 * @throws Error for a host that is not loopback, an empty token, or a port that is taken.
 * @example
 * const cloud = await createEmulator();
 * cloud.failNext({ method: "POST", path: "/servers", error: "resource_unavailable" });
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const host = options.host ?? "127.0.0.1";
  if (!isLoopback(host)) {
    throw new Error(`the emulator listens on loopback only, and ${host} is not loopback`);
  }
  if (options.token === "") throw new Error("the emulator's token must not be empty");

  const file = options.stateFile === undefined ? undefined : createStateFile(options.stateFile);
  const context = createContext({
    state: file?.read(),
    actions: options.actions ?? "instant",
    limits: options.limits,
    machines: options.machines,
    now: options.now ?? (() => new Date()),
  });
  const requests: RecordedRequest[] = [];
  const app = createApp({
    context,
    token: options.token,
    rateLimit: options.rateLimit ?? vendorRateLimit,
    requests,
    onChange: () => file?.changed(context.store),
    onResponse: options.onResponse,
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/v1`,
    token: options.token ?? randomBytes(32).toString("hex"),
    snapshot() {
      const { nextId: _, ...state } = context.store.state();
      return structuredClone(state);
    },
    reset() {
      context.store.load(new Store().state());
      context.actions.reload();
      context.faults.clear();
      requests.length = 0;
      file?.changed(context.store);
    },
    failNext: (fault) => context.faults.add(fault),
    requests: () => requests.slice(),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      file?.flush(context.store);
    },
  };
}

/** True for 127.0.0.0/8, ::1 and localhost. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
