import { createHash } from "node:crypto";

/** One request that was made, as tests look at it. */
export interface RecordedRequest {
  readonly method: string;
  /** As in the URL, with /v1. */
  readonly path: string;
  readonly query: string;
  /** Parsed body; of user data only size and SHA-256. Undefined where there was none. */
  readonly body: unknown;
  /** Undefined while it is not answered, and for ever when it never was. */
  status: number | undefined;
}

/** Keeps no user data: what stands in it is a secret. */
export function recordBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("user_data" in value)) return value;
    const userData = String(value.user_data);
    const sha256 = createHash("sha256").update(userData).digest("hex");
    return { ...value, user_data: { bytes: Buffer.byteLength(userData), sha256 } };
  } catch {
    return "(no JSON)";
  }
}
