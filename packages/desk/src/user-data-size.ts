import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { renderUserData } from "./cloud-config.ts";
import type { DeskIssue } from "./errors.ts";
import type { DeskSettings } from "./settings.ts";

/** Hetzner's limit for user data, in bytes as it is sent. */
export const userDataLimit = 32_768;

/** Two compressors differ by some bytes, and so do random values of one length. */
const margin = 512;

/** Bytes of the user data as it is sent: one cloud-config part in MIME, gzip, base64. */
export function packedSize(text: string): number {
  const mimeHeaders = 300;
  return Math.ceil((gzipSync(text).length + mimeHeaders) / 3) * 4;
}

/**
 * The size of a desk's user data before the values that the engine makes are known; values of their
 * length stand in for them.
 */
export function expectedSize(settings: DeskSettings): number {
  const random = createHash("sha512").update(settings.hostname).digest();
  const text = renderUserData({
    settings,
    volumeId: "100000000",
    gatewayToken: random.toString("base64url").slice(0, 43),
    hostKeySecret: random.toString("hex"),
  });
  return packedSize(text);
}

/** Refused before any request: the API would refuse it after addresses and volume were made. */
export function sizeIssues(settings: DeskSettings): DeskIssue[] {
  const size = expectedSize(settings);
  if (size <= userDataLimit - margin) return [];
  const candidates = [
    { path: ["access", "ssh", "publicKeys"], value: settings.ssh?.publicKeys },
    { path: ["agent", "packages"], value: settings.agent.packages },
    { path: ["provider", "fallbackModels"], value: settings.provider.fallbackModels },
  ];
  const weight = ({ value }: { value: readonly string[] | undefined }) =>
    (value ?? []).join("").length;
  const [largest] = candidates.sort((a, b) => weight(b) - weight(a));
  return [
    {
      path: largest?.path ?? [],
      rule: `makes the user data too large: ${size} bytes as it is sent, the limit is ${userDataLimit} less ${margin}`,
      remedy: "Shorten it.",
    },
  ];
}
