import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { canaryKey } from "@bureau/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hunt } from "./hunt.ts";
import { createScan } from "./scan.ts";

const wrap = (text: string, columns: number, end: string) =>
  text.match(new RegExp(`.{1,${columns}}`, "g"))?.join(end) ?? "";
const base64 = (text: string, shift = 0) =>
  Buffer.from("x".repeat(shift) + text).toString("base64");
const url = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const each = (text: string, map: (code: number) => string) =>
  [...Buffer.from(text)].map(map).join("");
const hex = (code: number, length = 2) => code.toString(16).padStart(length, "0");

/** Every way in which a secret may be planted, and what the report calls it. */
const plants: [name: string, plant: (secret: string) => string | Buffer, form: RegExp][] = [
  ["as it is", (s) => s, /^raw$/],
  ["cut off, with 20 of its characters", (s) => s.slice(-20), /^part$/],
  ["in base64", (s) => base64(s), /base64/],
  ["in base64, shifted by one byte", (s) => base64(s, 1), /base64/],
  ["in base64, shifted by two bytes", (s) => base64(s, 2), /base64/],
  ["in base64 for URLs", (s) => url(base64(`??>${s}`)), /base64/],
  ["in base64 of 64 columns", (s) => wrap(base64(s), 64, "\n"), /base64/],
  ["in base64 of 76 columns with CRLF", (s) => wrap(base64(`header ${s}`), 76, "\r\n"), /base64/],
  [
    "in base64 of 20 columns inside JSON",
    (s) => JSON.stringify(wrap(base64(s), 20, "\n")),
    /base64/,
  ],
  ["in hex", (s) => Buffer.from(s).toString("hex"), /hex/],
  ["in upper-case hex", (s) => Buffer.from(s).toString("hex").toUpperCase(), /hex/],
  ["JSON-escaped", (s) => each(s, (code) => `\\u${hex(code, 4)}`), /JSON/],
  [
    "JSON-escaped in upper case",
    (s) => each(s, (code) => `\\u${hex(code, 4).toUpperCase()}`),
    /JSON/,
  ],
  ["URL-escaped", (s) => each(s, (code) => `%${hex(code)}`), /URL/],
  ["URL-escaped in upper case", (s) => each(s, (code) => `%${hex(code).toUpperCase()}`), /URL/],
  ["in UTF-16", (s) => Buffer.from(s, "utf16le"), /UTF-16/],
  ["in big-endian UTF-16", (s) => Buffer.from(s, "utf16le").swap16(), /UTF-16/],
  ["inside gzip", (s) => gzipSync(`before ${s} after`), /in gzip/],
  ["inside zlib", (s) => deflateSync(`before ${s} after`), /in zlib/],
  [
    "as user data is: base64 in YAML in gzip in base64 in JSON",
    (s) => JSON.stringify({ userData: gzipSync(`content: ${base64(s)}\n`).toString("base64") }),
    /in gzip in base64/,
  ],
  [
    "in base64 of gzip of base64 of gzip",
    (s) => gzipSync(gzipSync(s).toString("base64")).toString("base64"),
    /in gzip in base64 in gzip in base64/,
  ],
];

const surrounded = (content: string | Buffer) =>
  Buffer.concat([
    randomBytes(211),
    Buffer.from("\n"),
    Buffer.from(content),
    Buffer.from("\n"),
    randomBytes(97),
  ]);

describe("a planted secret is found", () => {
  test.each(plants)("%s", (_name, plant, form) => {
    const value = canaryKey("anthropic");
    const { hits } = createScan([{ label: "key", value }])(surrounded(plant(value)));
    expect(hits.map((hit) => hit.secret)).toContain("key");
    expect(hits.map((hit) => hit.form).join("\n")).toMatch(
      new RegExp(form.source.replace(/^\^|\$$/g, ""), "m"),
    );
  });

  test("whatever the secret, its form and what stands around it", () => {
    const keys = fc
      .string({ unit: fc.constantFrom(..."ABCXYZabcxyz0189_.-"), minLength: 20, maxLength: 120 })
      .filter((key) => new Set(key.slice(-16)).size > 4);
    const around = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(keys, fc.nat(plants.length - 1), around, around, (key, i, before, after) => {
        const value = `sk-ant-api03-${key}Zq7`;
        const [, plant] = plants[i] ?? plants[0] ?? [];
        const content = Buffer.concat([
          before,
          Buffer.from("\n"),
          Buffer.from(plant?.(value) ?? ""),
          Buffer.from("\n"),
          after,
        ]);
        return createScan([{ label: "key", value }])(content).hits.length > 0;
      }),
      { numRuns: 300 },
    );
  });
});

test("a secret is found in a gzip stream that ends in the middle, as a log that is being written does", () => {
  const value = canaryKey("anthropic");
  const whole = gzipSync(`${value} ${randomBytes(4000).toString("hex")}`);
  const { hits } = createScan([{ label: "key", value }])(whole.subarray(0, 1500));
  expect(hits).toEqual([{ secret: "key", form: "raw in gzip" }]);
});

describe("what is no secret is not found", () => {
  test("random bytes, and other keys of the same provider", () => {
    const scan = createScan([{ label: "key", value: canaryKey("anthropic") }]);
    for (const other of [
      randomBytes(200_000),
      Buffer.from(canaryKey("anthropic")),
      Buffer.from("sk-ant-api03-"),
      gzipSync(randomBytes(50_000).toString("base64")),
    ]) {
      expect(scan(other).hits).toEqual([]);
    }
  });
});

test("a secret of fewer than eight characters is refused", () => {
  expect(() => createScan([{ label: "pin", value: "1234567" }])).toThrow(
    'secret "pin" is shorter than 8',
  );
});

describe("in a folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "bureau-hunt-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test("the report names place, file and form, counts what was read, and holds no part of the secret", async () => {
    const value = canaryKey("openai");
    mkdirSync(join(dir, "history"));
    writeFileSync(join(dir, "history/a.json"), JSON.stringify({ leaked: base64(value) }));
    writeFileSync(join(dir, "clean.json"), "{}");
    const report = await hunt({
      secrets: [{ label: "chat key", value }],
      places: [{ label: "state", path: dir }],
      texts: [{ label: "console", text: `oops ${value}` }],
    });
    expect(report.files).toBe(2);
    expect(report.findings).toEqual([
      { place: "state", file: join(dir, "history/a.json"), form: "base64", secret: "chat key" },
      ...report.findings.filter(({ form }) => form.includes(" in ")),
      { place: "console", file: "console", form: "raw", secret: "chat key" },
    ]);
    expect(JSON.stringify(report)).not.toContain(value.slice(-12));
  });

  test("links are not followed, and what is not there is told", async () => {
    const value = canaryKey("openai");
    const outside = `${dir}-outside`;
    writeFileSync(outside, value);
    try {
      symlinkSync(outside, join(dir, "link"));
      const missing = join(dir, "missing");
      const report = await hunt({
        secrets: [{ label: "key", value }],
        places: [
          { label: "dir", path: dir },
          { label: "missing", path: missing },
        ],
      });
      expect(report.findings).toEqual([]);
      expect(report.unreadable).toEqual([missing]);
    } finally {
      rmSync(outside);
    }
  });
});
