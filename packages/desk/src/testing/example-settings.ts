import { parseSettings } from "../settings.ts";

/** Of the right shape and worth nothing: golden documents must have the same bytes in every run. */
const worthless = (prefix: string) => `${prefix}${"GoldenDocument0000".repeat(3)}`;

const provider = {
  name: "anthropic",
  apiKey: worthless("sk-ant-api03-"),
  model: "claude-opus-5",
};
const agent = { version: "2026.9.6", registry: "https://registry.example" };
const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@laptop";
const ssh = { publicKeys: [publicKey], allowFrom: ["203.0.113.7/32"] };

/** The kinds of desk that there are. Nothing in them depends on a default that may move. */
const variants = {
  "anthropic-closed": { provider, agent },
  "anthropic-memory-by-openai": {
    provider: { ...provider, fallbackModels: ["claude-haiku-4-5"] },
    embeddings: {
      provider: "openai",
      apiKey: worthless("sk-proj-"),
      model: "text-embedding-3-small",
    },
    agent: { ...agent, packages: ["git", "ripgrep"] },
  },
  "openai-one-key-ssh": {
    provider: { name: "openai", apiKey: worthless("sk-proj-"), model: "gpt-5.6-terra" },
    embeddings: { provider: "openai", model: "text-embedding-3-large" },
    access: { ssh },
    agent,
  },
  "openrouter-root-login": {
    provider: {
      name: "openrouter",
      apiKey: worthless("sk-or-v1-"),
      model: "anthropic/claude-sonnet-5.5",
    },
    access: { ssh: { ...ssh, port: 2222, rootLogin: true } },
    serverType: "cax11",
    agent,
  },
} as const;

export const exampleNames = Object.keys(variants);

/** What the user data of each kind is rendered from. */
export function exampleInput(name: string) {
  return {
    settings: parseSettings("alice", Object.entries(variants).find(([key]) => key === name)?.[1]),
    volumeId: "4711",
    gatewayToken: "GatewayToken".repeat(4).slice(0, 43),
    hostKeySecret: "HostKeySecret".repeat(4).slice(0, 43),
  };
}
