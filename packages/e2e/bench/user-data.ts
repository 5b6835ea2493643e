import type { Row } from "./measure.ts";

/** Bytes of user data in plain and as they are sent, against Hetzner's limit of 32 KiB. */
export async function userDataSize(): Promise<Row[]> {
  return [];
}
