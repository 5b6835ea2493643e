import { randomBytes } from "node:crypto";

const shapes = {
  anthropic: { prefix: "sk-ant-api03-", bytes: 70 },
  openai: { prefix: "sk-proj-", bytes: 96 },
  openrouter: { prefix: "sk-or-v1-", bytes: 32 },
} as const;

/**
 * A key of the provider's real shape that has never been valid anywhere. New in every call, so that
 * a leak found in one run can only have been made by that run.
 */
export function canaryKey(provider: keyof typeof shapes): string {
  const { prefix, bytes } = shapes[provider];
  const encoding = provider === "openrouter" ? "hex" : "base64url";
  return prefix + randomBytes(bytes).toString(encoding);
}
