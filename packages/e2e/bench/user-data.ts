import { gzipSync } from "node:zlib";
import { parseSettings, renderUserData } from "@bureau/desk";
import { canaryKey } from "@bureau/testkit";
import type { Row } from "./measure.ts";

/** Hetzner's limit, in bytes of the text that is sent. */
const limit = 32_768;

/** Bytes of user data in plain and as they are sent: the smallest desk, and one with everything. */
export function userDataSize(): Promise<Row[]> {
  const provider = { name: "anthropic", apiKey: canaryKey("anthropic") };
  const full = {
    provider: { ...provider, fallbackModels: ["claude-opus-5-5", "claude-haiku-5-5"] },
    embeddings: {
      provider: "openai",
      apiKey: canaryKey("openai"),
      model: "text-embedding-3-small",
    },
    access: {
      ssh: {
        publicKeys: [`ssh-ed25519 ${"A".repeat(68)}`],
        allowFrom: ["203.0.113.7/32"],
        rootLogin: true,
      },
    },
    agent: { packages: ["git", "jq", "ripgrep"] },
  };
  return Promise.resolve([
    measure("user data of the smallest desk", { provider }),
    measure("user data of a desk with everything", full),
  ]);
}

function measure(name: string, args: unknown): Row {
  const text = renderUserData({
    settings: parseSettings("bench", args),
    volumeId: "100000000",
    gatewayToken: canaryKey("openrouter").slice(-43),
    hostKeySecret: canaryKey("openrouter").slice(-43),
  });
  const packed = Math.ceil(gzipSync(text).length / 3) * 4;
  const percent = ((packed / limit) * 100).toFixed(0);
  return {
    name,
    value: packed,
    unit: "bytes",
    detail: `${Buffer.byteLength(text)} plain; ${percent} % of the limit of ${limit}`,
  };
}
