import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createApp } from "./app.ts";
import { createContext, type Limits } from "./context.ts";
import type { Fault } from "./faults.ts";
import { isLoopback } from "./loopback.ts";
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
  /** What boots behind the servers. @default - nothing does */
  readonly machines?: Machines;
  /** @default - the machine's clock */
  readonly now?: () => Date;
  /** Gets what goes wrong behind the API. @default - stderr does */
  readonly onProblem?: (message: string) => void;
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
  /** Ends it, open connections too, with its servers shut down and its state written. */
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
  await context.machines.open({
    store: context.store,
    poweredOff(serverId) {
      const server = context.store.servers.get(serverId);
      if (server !== undefined) server.power = "off";
      file?.changed(context.store);
    },
    problem:
      options.onProblem ?? ((message) => void process.stderr.write(`emulator: ${message}\n`)),
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
      for (const { id } of context.store.servers.all()) context.machines.delete(id);
      for (const { id } of context.store.volumes.all()) context.machines.deleteVolume(id);
      const images = [...context.store.images.values()].filter(({ type }) => type !== "system");
      context.store.load(new Store().state());
      for (const { id } of images) context.machines.deleteImage(id);
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
      await context.machines.close();
      file?.flush(context.store);
    },
  };
}
