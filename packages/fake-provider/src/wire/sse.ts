import { randomBytes } from "node:crypto";

/** One event of a stream, and how long to wait before it. */
export interface StreamEvent {
  readonly event?: string;
  readonly data: string;
  readonly milliseconds?: number;
}

export function named<T extends { readonly type: string }>(
  data: T,
  milliseconds?: number,
): StreamEvent {
  const wait = milliseconds === undefined ? {} : { milliseconds };
  return { event: data.type, data: JSON.stringify(data), ...wait };
}

export function formatEvent({ event, data }: StreamEvent): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`;
}

export function newId(prefix: string): string {
  return `${prefix}${randomBytes(12).toString("hex")}`;
}

/** A rough count: who looks at usage wants it to be there. */
export function tokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
