import type { Needle } from "./forms.ts";

/** Finds which needles a buffer holds, in one pass whatever their number. */
export type Search = (buffer: Buffer) => Set<Needle>;

export function createSearch(needles: readonly Needle[]): Search {
  // Three bytes at every place decide whether it is worth a look; hardly any place is.
  const starts = new Uint8Array(1 << 24);
  const candidates = new Map<number, Needle[]>();
  for (const needle of needles) {
    const key = keyAt(needle.bytes, 0);
    starts[key] = 1;
    candidates.set(key, [...(candidates.get(key) ?? []), needle]);
  }
  return (buffer) => {
    const found = new Set<Needle>();
    for (let at = 0; at + 2 < buffer.length; at += 1) {
      const key = keyAt(buffer, at);
      if (starts[key] === 0) continue;
      for (const needle of candidates.get(key) ?? []) {
        const end = at + needle.bytes.length;
        if (end <= buffer.length && buffer.compare(needle.bytes, 0, undefined, at, end) === 0)
          found.add(needle);
      }
    }
    return found;
  };
}

function keyAt(buffer: Buffer, at: number): number {
  return ((buffer[at] ?? 0) << 16) | ((buffer[at + 1] ?? 0) << 8) | (buffer[at + 2] ?? 0);
}
