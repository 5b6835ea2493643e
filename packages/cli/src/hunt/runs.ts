const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;

/** Marks the bytes of an alphabet. */
export function alphabet(characters: string): Uint8Array {
  const marked = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) marked[byte] = 1;
  return marked;
}

/**
 * Stretches of an alphabet's characters, joined over line ends and the indent after them. A line end
 * may be written as an escape (`\n`, `\r\n`, also with several backslashes).
 */
export function* runs(data: Buffer, marked: Uint8Array, shortest: number): Generator<Buffer> {
  let i = 0;
  while (i < data.length) {
    if (marked[data[i] ?? 0] === 0) {
      i += 1;
      continue;
    }
    let start = i;
    i = endOf(data, marked, start);
    let length = i - start;
    let pieces: Buffer[] | undefined;
    for (;;) {
      const next = afterLineEnd(data, i);
      if (next === i || next >= data.length || marked[data[next] ?? 0] === 0) break;
      pieces ??= [];
      pieces.push(data.subarray(start, i));
      start = next;
      i = endOf(data, marked, start);
      length += i - start;
    }
    if (length < shortest) continue;
    const last = data.subarray(start, i);
    yield pieces === undefined ? last : Buffer.concat([...pieces, last], length);
  }
}

/** Stretches of an alphabet's characters that hold a certain one of them. */
export function* runsWith(data: Buffer, marked: Uint8Array, byte: number): Generator<Buffer> {
  let from = 0;
  for (;;) {
    const at = data.indexOf(byte, from);
    if (at === -1) return;
    let start = at;
    while (start > from && marked[data[start - 1] ?? 0] === 1) start -= 1;
    from = endOf(data, marked, at);
    yield data.subarray(start, from);
  }
}

function endOf(data: Buffer, marked: Uint8Array, from: number): number {
  let i = from;
  while (i < data.length && marked[data[i] ?? 0] === 1) i += 1;
  return i;
}

/** The position after the line end at `from`; `from` itself when there is none. */
function afterLineEnd(data: Buffer, from: number): number {
  const first = data[from];
  if (first !== lineFeed && first !== carriageReturn && first !== backslash) return from;
  let i = from;
  for (;;) {
    const byte = data[i];
    if (byte === lineFeed || byte === carriageReturn) {
      i += 1;
      continue;
    }
    let letter = i;
    while (data[letter] === backslash) letter += 1;
    const escaped = letter > i && (data[letter] === 0x6e || data[letter] === 0x72);
    if (!escaped) break;
    i = letter + 1;
  }
  if (i > from) while (data[i] === 0x20 || data[i] === 0x09) i += 1;
  return i;
}
