/**
 * What a key or token looks like that was set in the wrong place: a vendor's prefix, or a run of
 * letters and digits that no name has. Hetzner's tokens are 64 of them.
 */
const secretLike = /\bsk-[A-Za-z0-9]|[A-Za-z0-9]{24}/;

/** A key of one of the vendors, whole and unmistakable. */
const apiKeyLike = /\bsk-(?:(?:ant|or|proj|svcacct|admin)-[A-Za-z0-9_-]{16}|[A-Za-z0-9_-]{32})/;

/** Longer values are no help in a message of one line. */
const readable = 80;

/** A value as a message shows it: in quotes, and without what may be a secret. */
export function quoted(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  if (secretLike.test(value)) return "a value that looks like a secret";
  return value.length > readable ? `${value.length} characters long` : JSON.stringify(value);
}

/** A part of a path: a caller's own word, in which a key may have landed. */
export function shownPart<T extends string | number>(part: T): T | "..." {
  return typeof part === "string" && secretLike.test(part) ? "..." : part;
}

export function looksLikeApiKey(text: string): boolean {
  return apiKeyLike.test(text);
}
