import { constants, inflateRawSync, inflateSync } from "node:zlib";

/** Of one stream; what lies beyond is reported as not searched. */
export const inflateLimit = 64 * 1024 * 1024;

export interface Inflated {
  readonly form: "gzip" | "zlib";
  /** Undefined when it is larger than the limit. */
  readonly data: Buffer | undefined;
}

/**
 * Every gzip and zlib stream in a buffer, wherever it begins; a stream cut short as far as it goes. A
 * zlib stream with a window that nobody uses by default counts at the start of the buffer only.
 */
export function* inflateAll(data: Buffer): Generator<Inflated> {
  for (let i = 0; i + 2 < data.length; i += 1) {
    const byte = data[i] ?? 0;
    if (byte === 0x1f) {
      const start = gzipStart(data, i);
      if (start === undefined) continue;
      // Without the frame: its checksum may be missing or wrong, and the content is there all the same.
      const content = attempt(() => inflateRawSync(data.subarray(start), options));
      if (content !== undefined) yield { form: "gzip", data: content.data };
    } else if ((byte === 0x78 || (i === 0 && (byte & 0x8f) === 0x08)) && isZlibStart(data, i)) {
      const content = attempt(() => inflateSync(data.subarray(i), options));
      if (content !== undefined) yield { form: "zlib", data: content.data };
    }
  }
}

const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: inflateLimit };

function attempt(inflate: () => Buffer): { data: Buffer | undefined } | undefined {
  try {
    const data = inflate();
    return data.length === 0 ? undefined : { data };
  } catch (error) {
    const tooLarge =
      error instanceof Error && Reflect.get(error, "code") === "ERR_BUFFER_TOO_LARGE";
    // Anything else only means that these bytes are no stream.
    return tooLarge ? { data: undefined } : undefined;
  }
}

/** Where the deflate data of a gzip member begins (RFC 1952). */
function gzipStart(data: Buffer, at: number): number | undefined {
  if (data[at + 1] !== 0x8b || data[at + 2] !== 8) return undefined;
  const flags = data[at + 3] ?? 0;
  if (flags > 0x1f) return undefined;
  let i = at + 10;
  if (flags & 4) i += 2 + (data[i] ?? 0) + 256 * (data[i + 1] ?? 0);
  for (const text of [8, 16]) {
    if ((flags & text) === 0) continue;
    const end = data.indexOf(0, i);
    if (end === -1) return undefined;
    i = end + 1;
  }
  if (flags & 2) i += 2;
  return i < data.length ? i : undefined;
}

/** A zlib header (RFC 1950) before a deflate block that can be one: few bytes pass by chance. */
function isZlibStart(data: Buffer, at: number): boolean {
  const header = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
  if (header % 31 !== 0 || header & 0x20) return false;
  const first = data[at + 2] ?? 0;
  switch ((first >> 1) & 3) {
    case 0: // stored: a length and its complement
      if (at + 6 >= data.length) return false;
      return (data.readUInt16LE(at + 3) ^ data.readUInt16LE(at + 5)) === 0xffff;
    case 1:
      return true;
    case 2: // dynamic codes: at most 286 of lengths, 30 of distances
      return first >> 3 <= 29 && ((data[at + 3] ?? 0) & 0x1f) <= 29;
    default:
      return false;
  }
}
