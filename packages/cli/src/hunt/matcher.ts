import type { Secret } from "./types.ts";

/** What of a secret stands in a buffer: all of it, or a run of its body that is long enough to tell. */
export type Extent = "whole" | "part";

export interface Matcher {
  /** Bytes below which nothing can be found. */
  readonly shortest: number;
  /** The secrets in a buffer, by label. */
  find(data: Buffer): Map<string, Extent>;
}

/** Fewer characters than this cannot be told from other text. */
const shortestSecret = 8;
/** A run of this many characters of a key's body counts as a leak. */
const partLength = 16;
/** Any run of `partLength` holds a whole block of this size, counted from the start of the body. */
const block = 8;

interface Needle {
  readonly label: string;
  readonly bytes: Buffer;
  /** Where the body of a key begins; undefined when only the whole secret counts. */
  readonly body: number | undefined;
}

/** A block of a needle that is looked up at every position of a buffer. */
interface Anchor {
  readonly needle: Needle;
  readonly offset: number;
}

/** @throws Error that names the secret's label when it is empty or shorter than 8 characters. */
export function createMatcher(secrets: readonly Secret[]): Matcher {
  const needles = secrets.flatMap(needlesOf);
  const anchors = new Map<number, Anchor[]>();
  // One lookup per position, however many secrets: about a byte in 65,536 gets past it by chance.
  const seen = new Uint8Array(65_536);
  for (const needle of needles) {
    for (const offset of anchorOffsets(needle)) {
      const key = needle.bytes.readInt32BE(offset);
      seen[slot(key)] = 1;
      anchors.set(key, [...(anchors.get(key) ?? []), { needle, offset }]);
    }
  }

  return {
    shortest: Math.min(
      ...needles.map(({ bytes, body }) => (body === undefined ? bytes.length : partLength)),
      ...needles.map(({ bytes }) => bytes.length),
    ),
    find(data) {
      const found = new Map<string, Extent>();
      let key = 0;
      for (let i = 0; i < data.length; i += 1) {
        key = (key << 8) | (data[i] ?? 0);
        if (seen[slot(key)] === 0) continue;
        for (const { needle, offset } of anchors.get(key) ?? []) {
          const extent = extentAt(data, i - 3, needle, offset);
          if (extent === undefined || found.get(needle.label) === "whole") continue;
          found.set(needle.label, extent);
        }
      }
      return found;
    },
  };
}

function slot(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 16;
}

function needlesOf({ label, value }: Secret): Needle[] {
  if (value.length < shortestSecret) {
    throw new Error(
      `leak hunt: secret "${label}" must have ${shortestSecret} characters or more: ` +
        "fewer cannot be told from other text. Leave it out or use a longer one.",
    );
  }
  const whole = (bytes: Buffer) => ({ label, bytes, body: undefined });
  const utf8 = { label, bytes: Buffer.from(value), body: bodyOf(value) };
  // Plain ASCII in UTF-16 is found without its zero bytes; other text needs needles of its own.
  if (/^\p{ASCII}*$/u.test(value)) return [utf8];
  const utf16 = Buffer.from(value, "utf16le");
  return [utf8, whole(utf16), whole(Buffer.from(utf16).swap16())];
}

/**
 * Where the part of a key begins that only its owner knows. A key has one of the vendors' prefixes or
 * looks random; of other secrets, such as a PEM block, long stretches are public.
 */
function bodyOf(value: string): number | undefined {
  if (!/^[\w-]+$/.test(value)) return undefined;
  const prefix = /^sk-(?:ant-(?:[a-z]+\d\d-)?|or-(?:v\d+-)?|proj-|svcacct-|admin-)?/.exec(value);
  if (prefix !== null) return prefix[0].length;
  const mixed = value.length >= 24 && /[a-z]/.test(value) && /[A-Z]/.test(value);
  const random = (mixed && /\d/.test(value)) || /^[0-9a-f]{32,}$/i.test(value);
  return random && value.length <= 256 ? 0 : undefined;
}

function anchorOffsets({ bytes, body }: Needle): number[] {
  // The middle: keys begin alike, and PEM blocks end alike.
  const offsets = [Math.floor((bytes.length - block) / 2)];
  if (body === undefined) return offsets;
  for (let at = body; at + block <= bytes.length; at += block) offsets.push(at);
  return offsets;
}

function extentAt(data: Buffer, at: number, needle: Needle, offset: number): Extent | undefined {
  const { bytes, body } = needle;
  const same = (position: number) => data[at - offset + position] === bytes[position];
  let start = offset;
  while (start > 0 && same(start - 1)) start -= 1;
  let end = offset;
  while (end < bytes.length && same(end)) end += 1;
  if (start === 0 && end === bytes.length) return "whole";
  if (body === undefined) return undefined;
  return end - Math.max(start, body) >= partLength ? "part" : undefined;
}
