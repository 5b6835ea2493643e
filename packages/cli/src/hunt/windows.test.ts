import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileWindows, type Window } from "./windows.ts";

let dir: string;
const size = { bytes: 200_000, overlap: 1000 };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bureau-windows-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function windowsOf(content: Buffer): Promise<Window[]> {
  const path = join(dir, "file");
  writeFileSync(path, content);
  const windows: Window[] = [];
  for await (const window of fileWindows(path, size)) windows.push(window);
  return windows;
}

/** The file again, from pieces that share what they should. */
function joined(windows: readonly Window[]): Buffer {
  return Buffer.concat(windows.map(({ data }, i) => data.subarray(i === 0 ? 0 : size.overlap)));
}

test.each([0, 1, 199_999, 200_000, 700_000])(
  "a file of %i bytes comes whole, in pieces that overlap",
  async (bytes) => {
    const content = randomBytes(bytes);
    const windows = await windowsOf(content);
    expect(joined(windows).equals(content)).toBe(true);
    for (const { data } of windows) expect(data.length).toBeLessThan(size.bytes + 100_000);
  },
);

test("a large file that is a gzip stream comes again, opened", async () => {
  const letters = Buffer.from(randomBytes(600_000).toString("base64"));
  const packed = gzipSync(letters);
  const windows = await windowsOf(packed);
  const opened = joined(windows.filter(({ compressed }) => compressed));
  expect(opened.equals(letters)).toBe(true);
  expect(joined(windows.filter(({ compressed }) => !compressed)).equals(packed)).toBe(true);
  expect(gunzipSync(packed).length).toBe(opened.length);
});

test("a large gzip stream that was cut off comes as far as it goes", async () => {
  const letters = Buffer.from(randomBytes(600_000).toString("base64"));
  const windows = await windowsOf(gzipSync(letters).subarray(0, 400_000));
  const opened = joined(windows.filter(({ compressed }) => compressed));
  expect(opened.length).toBeGreaterThan(400_000);
  expect(letters.subarray(0, opened.length).equals(opened)).toBe(true);
});
