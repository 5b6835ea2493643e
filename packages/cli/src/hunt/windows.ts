import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";

export interface WindowSize {
  /** How much of a file is in memory at once. */
  readonly bytes: number;
  /** What two neighbours share, so that nothing is lost where they meet. */
  readonly overlap: number;
}

const defaultSize: WindowSize = { bytes: 32 * 1024 * 1024, overlap: 1024 * 1024 };

export interface Window {
  readonly data: Buffer;
  readonly compressed: boolean;
}

/**
 * A file in pieces that fit in memory. A larger one that is a gzip stream as a whole comes a second
 * time, opened, since its pieces cannot be opened one by one.
 */
export async function* fileWindows(path: string, size = defaultSize): AsyncGenerator<Window> {
  let count = 0;
  for await (const data of windows(createReadStream(path), size)) {
    count += 1;
    yield { data, compressed: false };
  }
  if (count < 2 || !(await isGzip(path))) return;
  const content = createReadStream(path).on("error", (error) => gunzip.destroy(error));
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  for await (const data of windows(content.pipe(gunzip), size)) yield { data, compressed: true };
}

async function* windows(stream: Readable, { bytes, overlap }: WindowSize): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let length = 0;
  let carried = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length < bytes) continue;
    const data = Buffer.concat(chunks, length);
    yield data;
    chunks = [Buffer.from(data.subarray(-overlap))];
    carried = overlap;
    length = overlap;
  }
  if (length > carried) yield Buffer.concat(chunks, length);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
    return bytesRead === 3 && buffer.readUIntBE(0, 3) === 0x1f8b08;
  } finally {
    await file.close();
  }
}
