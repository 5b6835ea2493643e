import { constants, inflateRawSync, inflateSync } from "node:zlib";
import { huntForms, type Secret } from "./forms.ts";
import { createSearch } from "./search.ts";

export interface Hit {
  readonly secret: string;
  /** The form, with what it was wrapped in: `base64 in gzip`. */
  readonly form: string;
}

export interface Scan {
  readonly hits: readonly Hit[];
  /** How many packed or encoded streams were opened. */
  readonly streams: number;
}

/** Base64 of gzip of base64 of gzip: deeper than anything that Pulumi or cloud-init writes. */
const deepest = 4;

/** A stream that grows beyond this is no state of ours. */
const largestStream = 64 * 1024 * 1024;

/** Makes the scan for some secrets: a pure function from bytes to what was found in them. */
export function createScan(secrets: readonly Secret[]): (buffer: Buffer) => Scan {
  const search = createSearch(secrets.flatMap(huntForms));

  return (whole) => {
    const hits = new Map<string, Hit>();
    let streams = 0;
    const look = (buffer: Buffer, around: readonly string[]): void => {
      for (const { secret, form } of search(buffer)) {
        const said = [form, ...around].join(" in ");
        hits.set(`${secret}\n${said}`, { secret, form: said });
      }
      if (around.length >= deepest) return;
      for (const { kind, content } of openStreams(buffer)) {
        streams += 1;
        look(content, [kind, ...around]);
      }
    };
    look(whole, []);
    return { hits: withoutEchoes([...hits.values()]), streams };
  };
}

/** A whole secret holds all of its parts; told once is enough. */
function withoutEchoes(hits: readonly Hit[]): Hit[] {
  return hits.filter(
    ({ secret, form }) =>
      !form.startsWith("part") ||
      !hits.some((other) => other.secret === secret && other.form === form.replace(/^part/, "raw")),
  );
}

interface Stream {
  readonly kind: string;
  readonly content: Buffer;
}

function* openStreams(buffer: Buffer): Generator<Stream> {
  yield* packed(buffer);
  const text = buffer.toString("latin1");
  const joined = text.replace(/(?:\\r)?\\n|\r?\n/g, "");
  // Wrapped base64 is one run once its line breaks are gone, be they real or escaped in JSON.
  if (joined !== text) yield { kind: "wrapped lines", content: Buffer.from(joined, "latin1") };
  yield* encoded(text);
}

const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);

function* packed(buffer: Buffer): Generator<Stream> {
  for (let at = buffer.indexOf(gzipMagic); at !== -1; at = buffer.indexOf(gzipMagic, at + 1)) {
    // Not gunzip: it fails on whatever follows the stream in its file.
    const content = attempt(() =>
      inflateRawSync(buffer.subarray(afterGzipHeader(buffer, at)), partial),
    );
    if (content !== undefined) yield { kind: "gzip", content };
  }
  for (let at = buffer.indexOf(0x78); at !== -1; at = buffer.indexOf(0x78, at + 1)) {
    // RFC 1950: the two bytes of the header are a multiple of 31.
    if ((((buffer[at] ?? 0) << 8) | (buffer[at + 1] ?? 0)) % 31 !== 0) continue;
    const content = attempt(() => inflateSync(buffer.subarray(at), partial));
    if (content !== undefined) yield { kind: "zlib", content };
  }
}

/** RFC 1952: ten bytes, then what the flags say is there. */
function afterGzipHeader(buffer: Buffer, start: number): number {
  const flags = buffer[start + 3] ?? 0;
  const [hasCrc, hasExtra, hasName, hasComment] = [2, 4, 8, 16].map((bit) => (flags & bit) !== 0);
  let at = start + 10;
  if (hasExtra) at += 2 + (buffer[at] ?? 0) + ((buffer[at + 1] ?? 0) << 8);
  for (const text of [hasName, hasComment]) if (text) at = buffer.indexOf(0, at) + 1;
  return hasCrc ? at + 2 : at;
}

/** A stream that was cut off, as a log that is still written, is read as far as it goes. */
const partial = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: largestStream };

function attempt(open: () => Buffer): Buffer | undefined {
  try {
    const content = open();
    return content.length > 0 ? content : undefined;
  } catch {
    return undefined;
  }
}

const base64Run = /[A-Za-z0-9+/_-]{24,}/g;

function* encoded(text: string): Generator<Stream> {
  const pieces: Buffer[] = [];
  for (const [run] of text.matchAll(base64Run)) {
    const content = Buffer.from(run, "base64url");
    if (content.includes(gzipMagic) || content[0] === 0x78) yield { kind: "base64", content };
    else pieces.push(content, separator);
  }
  // Thousands of short runs are looked at together.
  if (pieces.length > 0) yield { kind: "base64", content: Buffer.concat(pieces) };
}

/** Holds two runs apart, so that no secret is put together that nobody wrote. */
const separator = Buffer.from([0, 0, 0, 0]);
