import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { canaryKey } from "@bureau/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hunt } from "./hunt.ts";

let dir: string;
const value = canaryKey("openai");
const secrets = [{ label: "chat key", value }];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bureau-hunt-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("the report names place, file and form, counts what was read, and has no part of the secret", async () => {
  mkdirSync(join(dir, "history"));
  const leak = JSON.stringify({ leaked: Buffer.from(value).toString("base64") });
  const packed = gzipSync(leak);
  writeFileSync(join(dir, "history/a.json"), leak);
  writeFileSync(join(dir, "history/b.json.gz"), packed);
  writeFileSync(join(dir, "clean.json"), "{}");
  const report = await hunt({
    secrets,
    places: [{ label: "state", path: dir }],
    texts: [{ label: "console", text: `oops ${value}` }],
  });
  expect(report).toEqual({
    files: 3,
    bytes: 2 + leak.length + packed.length + 5 + value.length,
    streams: 1,
    secrets: 1,
    places: ["console", "state"],
    unreadable: [],
    findings: [
      { place: "console", file: "console", form: "raw", secret: "chat key" },
      { place: "state", file: join(dir, "history/a.json"), form: "base64", secret: "chat key" },
      {
        place: "state",
        file: join(dir, "history/b.json.gz"),
        form: "gzip > base64",
        secret: "chat key",
      },
    ],
  });
  for (let at = 0; at + 8 <= value.length; at += 1) {
    if (at >= 8) expect(JSON.stringify(report)).not.toContain(value.slice(at, at + 8));
  }
});

test("links are not followed, what is left out is not entered, what is not there is told", async () => {
  const outside = mkdtempSync(join(tmpdir(), "bureau-hunt-outside-"));
  try {
    writeFileSync(join(outside, "key"), value);
    symlinkSync(outside, join(dir, "folder"));
    symlinkSync(join(outside, "key"), join(dir, "file"));
    mkdirSync(join(dir, "plugins"));
    writeFileSync(join(dir, "plugins/key"), value);
    const missing = join(dir, "missing");
    const report = await hunt({
      secrets,
      places: [
        { label: "dir", path: dir },
        { label: "missing", path: missing },
      ],
      skip: [join(dir, "plugins")],
    });
    expect(report.findings).toEqual([]);
    expect(report.files).toBe(0);
    expect(report.unreadable).toEqual([`${missing}: not there`]);
  } finally {
    rmSync(outside, { recursive: true });
  }
});
