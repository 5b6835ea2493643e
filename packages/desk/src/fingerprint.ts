import { createHmac } from "node:crypto";

/**
 * Eight hex digits that tell two keys apart in a preview and give neither of them away: 32 bits of
 * an HMAC-SHA-256 over a key of 100 bits and more.
 *
 * @example fingerprint(key) // "0a1b2c3d"
 */
export function fingerprint(key: string): string {
  return createHmac("sha256", "bureau/fingerprint/v1").update(key).digest("hex").slice(0, 8);
}
