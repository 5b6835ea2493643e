import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { canaryKey } from "@bureau/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forms } from "./forms.ts";
import { createMatcher } from "./matcher.ts";
import { plants } from "./plants.ts";
import { scan } from "./scan.ts";

const matcherOf = (value: string) => createMatcher([{ label: "key", value }]);
const surrounded = (content: Buffer) => Buffer.concat([randomBytes(211), content, randomBytes(97)]);
const formsFound = (data: Buffer, value: string) =>
  scan(data, matcherOf(value)).findings.map(({ form }) => form);

describe("a planted secret is found", () => {
  test.each(plants)("$title", ({ form, write }) => {
    const value = canaryKey("anthropic");
    expect(formsFound(surrounded(write(Buffer.from(value))), value)).toContain(form ?? "raw");
  });

  test.each(plants)("$title, inside gzip inside base64", ({ form, write }) => {
    const value = canaryKey("openai");
    const packed = gzipSync(surrounded(write(Buffer.from(value)))).toString("base64");
    const expected = form === undefined ? "base64 > gzip" : `base64 > gzip > ${form}`;
    expect(formsFound(surrounded(Buffer.from(packed)), value)).toContain(expected);
  });

  test.each(plants.filter(({ form }) => form !== undefined))(
    "$title: and it would not be without its form",
    ({ form, write }) => {
      const value = canaryKey("openrouter");
      const others = forms.filter(({ names }) => !names.includes(form ?? ""));
      // Stored zlib has its content in plain.
      const data = surrounded(write(Buffer.from(value)));
      const found = scan(data, matcherOf(value), { through: others }).findings.map(
        (finding) => finding.form,
      );
      expect(found).toEqual(data.includes(value) ? ["raw"] : []);
    },
  );

  test("with its reserved characters percent-encoded, or JSON-escaped as any text is", () => {
    const value = `pass "word" / with + ${randomBytes(6).toString("base64")}\\ü\n`;
    const percent = Buffer.from(encodeURIComponent(value));
    const json = Buffer.from(JSON.stringify(JSON.stringify({ value })));
    expect(formsFound(percent, value)).toEqual(["percent escapes"]);
    expect(formsFound(json, value)).toEqual(["JSON escapes > JSON escapes"]);
  });

  test("with characters beyond ASCII, in UTF-16 and as JSON escapes", () => {
    const value = "Schlüssel zum Büro 🗝 und mehr";
    const utf16 = Buffer.from(value, "utf16le");
    const escaped = value.replace(/[^ -~]/gu, (character) =>
      character
        .split("")
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join(""),
    );
    expect(formsFound(surrounded(utf16), value)).toEqual(["raw"]);
    expect(formsFound(surrounded(Buffer.from(utf16).swap16()), value)).toEqual(["raw"]);
    expect(formsFound(Buffer.from(escaped), value)).toEqual(["JSON escapes"]);
  });

  test("as user data has it: base64 in YAML in gzip in base64 in JSON", () => {
    const value = canaryKey("anthropic");
    const yaml = `content: ${Buffer.from(value).toString("base64")}\n`;
    const state = JSON.stringify({ userData: gzipSync(yaml).toString("base64") });
    expect(formsFound(Buffer.from(state), value)).toEqual(["base64 > gzip > base64"]);
  });

  test("in a gzip stream that was cut off, or whose checksum is wrong", () => {
    const value = canaryKey("anthropic");
    const stream = gzipSync(`${value} ${randomBytes(4000).toString("hex")}`);
    expect(formsFound(stream.subarray(0, 1500), value)).toEqual(["gzip"]);
    stream.fill(0, stream.length - 8);
    expect(formsFound(stream, value)).toEqual(["gzip"]);
  });

  test("in a gzip stream with name, comment and extra field", () => {
    const value = canaryKey("anthropic");
    const [, , ...header] = gzipSync("");
    const body = gzipSync(value).subarray(10);
    const flagged = Buffer.from([0x1f, 0x8b, ...header.slice(0, 8)]);
    flagged[3] = 4 | 8 | 16;
    const fields = Buffer.from("\x03\x00abcname\0comment\0");
    expect(formsFound(Buffer.concat([flagged, fields, body]), value)).toEqual(["gzip"]);
  });

  test("whatever the key, the forms in each other and what stands around it", () => {
    const keys = fc.string({
      unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"),
      minLength: 8,
      maxLength: 120,
    });
    const around = fc.uint8Array({ maxLength: 200 });
    const layers = fc.array(fc.constantFrom(...plants), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(keys, layers, around, around, (value, chosen, before, after) => {
        const content = chosen.reduce<Buffer>((inner, { text, write }) => {
          fc.pre(!text || /^[ -~\s]*$/.test(inner.toString("latin1")));
          return write(inner);
        }, Buffer.from(value));
        const data = Buffer.concat([before, content, after]);
        return formsFound(data, value).length > 0;
      }),
      { numRuns: 500 },
    );
  });
});

describe("a part of a key", () => {
  const value = canaryKey("anthropic");

  test("counts from 16 characters of its body on, wherever they stand in it", () => {
    for (let at = 13; at + 16 <= value.length; at += 1) {
      const data = surrounded(Buffer.from(`"${value.slice(at, at + 16)}"`));
      expect(formsFound(data, value)).toEqual(["raw (part)"]);
    }
  });

  test("does not count below that, nor its public prefix with a few characters", () => {
    expect(formsFound(Buffer.from(value.slice(20, 35)), value)).toEqual([]);
    expect(formsFound(Buffer.from(`${value.slice(0, 24)}…`), value)).toEqual([]);
  });

  test("is not looked for in a text that is no key", () => {
    const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${randomBytes(40).toString("base64")}\n`;
    expect(formsFound(Buffer.from(pem.slice(0, 40)), pem)).toEqual([]);
    expect(formsFound(Buffer.from(pem), pem)).toEqual(["raw"]);
  });
});

describe("what is no secret is not found", () => {
  test("in random bytes, in other keys of the same provider, in packed random text", () => {
    const value = canaryKey("anthropic");
    for (const other of [
      randomBytes(200_000),
      Buffer.from(canaryKey("anthropic")),
      Buffer.from("sk-ant-api03-"),
      gzipSync(randomBytes(50_000).toString("base64")),
    ]) {
      expect(formsFound(other, value)).toEqual([]);
    }
  });

  test("in any data", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string({ maxLength: 2000 }), (a, b) => {
        const matcher = matcherOf(canaryKey("openai"));
        const data = Buffer.concat([a, Buffer.from(b)]);
        return scan(data, matcher).findings.length === 0;
      }),
    );
  });
});

test.each(["", "1234567"])(
  "the secret %j is refused: it cannot be told from other text",
  (value) => {
    expect(() => createMatcher([{ label: "pin", value }])).toThrow(
      'secret "pin" must have 8 characters or more',
    );
  },
);
