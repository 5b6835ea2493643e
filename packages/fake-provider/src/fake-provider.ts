import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createApp, type ProviderRequest } from "./app.ts";
import { type Behaviour, createBehaviours } from "./behaviour.ts";
import { makeCertificates } from "./certificates.ts";
import { type ProviderName, providerHosts } from "./providers.ts";

export interface FakeProviderOptions {
  readonly accepts: (provider: ProviderName, key: string) => boolean;
  /** @default 0 - a free one */
  readonly port?: number;
}

/** The three model APIs on loopback: a test double. Its model repeats what it is told. */
export interface FakeProvider {
  readonly port: number;
  /** Certificate of the authority that its own is from, in PEM; new in every start. */
  readonly ca: string;
  /** Since the start or the last `forget`. */
  requests(): readonly ProviderRequest[];
  forget(): void;
  /** Makes requests that fit go wrong. */
  behave(behaviour: Behaviour): void;
  behaveWell(): void;
  /** Whether nothing listens any more, open connections cut. */
  setDown(isDown: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * @example
 * const provider = await createFakeProvider({ accepts: onlyKeys([{ provider: "openai", key }]) });
 * provider.behave({ model: "gpt-5.6", status: 429, times: 2 });
 */
export async function createFakeProvider(options: FakeProviderOptions): Promise<FakeProvider> {
  const certificates = await makeCertificates(Object.values(providerHosts));
  const behaviours = createBehaviours();
  let requests: ProviderRequest[] = [];
  const app = createApp({
    accepts: options.accepts,
    behaviours,
    onRequest: (request) => void requests.push(request),
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: { key: certificates.key, cert: certificates.cert },
  }) as Server;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  return {
    port,
    ca: certificates.ca,
    requests: () => requests.slice(),
    forget() {
      requests = [];
    },
    behave: behaviours.add,
    behaveWell: behaviours.clear,
    async setDown(isDown) {
      if (isDown === !server.listening) return;
      await (isDown ? stop() : listen(port));
    },
    close: stop,
  };
}

/** Accepts these keys, each at its provider. */
export function onlyKeys(
  keys: readonly { readonly provider: ProviderName; readonly key: string }[],
): FakeProviderOptions["accepts"] {
  const known = keys.map(({ provider, key }) => ({ provider, digest: sha256(key) }));
  return (provider, key) => {
    const digest = sha256(key);
    return known.some((one) => one.provider === provider && timingSafeEqual(one.digest, digest));
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
