import { type Provider, providers } from "./providers.ts";
import type { DeskSettings } from "./settings.ts";
import { fillIn } from "./template.ts";

/** What the broker holds a key for: the chat model, and the embeddings of the memory. */
export type Slot = "llm" | "emb";

/** The providers of a desk's slots. */
export function slotsOf({ provider, embeddings }: DeskSettings): [Slot, Provider][] {
  return [
    ["llm", providers[provider.name]],
    ...(embeddings ? [["emb", providers[embeddings.provider]] as [Slot, Provider]] : []),
  ];
}

/** Where the agent finds a provider: the broker on loopback, at the provider's own path. */
export function brokerUrl(slot: Slot, { basePath }: Provider): string {
  return `http://127.0.0.1:18900/${slot}${basePath}`;
}

/** The broker's files of one slot, by their path below /etc/desk/broker. */
export function brokerFiles([slot, provider]: [Slot, Provider]): Record<string, string> {
  const { host, basePath, keyCheck } = provider;
  const headers = keyHeaders(slot, provider);
  const paths = allowedPaths(slot, provider).map((path) => path.replaceAll(".", "\\."));
  return {
    [`paths/${slot}.conf`]: fillIn("guest/broker/path.conf", {
      slot,
      basePath,
      paths: paths.join("|"),
    }),
    [`routes/${slot}.conf`]: fillIn("guest/broker/route.conf", { slot, host, ...headers }),
    [`checks/${slot}.conf`]: fillIn("guest/broker/check.conf", {
      slot,
      host,
      checkPath: keyCheck.path,
      ...headers,
    }),
  };
}

/** A key for embeddings shall make embeddings and nothing else. */
function allowedPaths(slot: Slot, { allowedPaths }: Provider): readonly string[] {
  return slot === "emb" ? allowedPaths.filter((path) => path === "/embeddings") : allowedPaths;
}

/** The provider's own header with the key, the other one emptied. */
function keyHeaders(slot: Slot, { keyHeader }: Provider) {
  const key = `$desk_${slot}_key`;
  return keyHeader === "x-api-key"
    ? { apiKeyHeader: key, authorizationHeader: '""' }
    : { apiKeyHeader: '""', authorizationHeader: `"Bearer ${key}"` };
}
