import { deflateSync, gzipSync } from "node:zlib";

/** A way to write a secret, for tests of the hunt. */
export interface Plant {
  readonly title: string;
  /** The form that finds it; undefined when it stands there as it is. */
  readonly form?: string;
  /** Takes text only. */
  readonly text?: true;
  readonly write: (content: Buffer) => Buffer;
}

export const plants: readonly Plant[] = [
  { title: "as it is", write: (content) => content },
  { title: "in base64", form: "base64", write: (b) => Buffer.from(b.toString("base64")) },
  { title: "in base64, one byte in", form: "base64", write: (b) => base64(b, 1) },
  { title: "in base64, two bytes in", form: "base64", write: (b) => base64(b, 2) },
  {
    title: "in base64 for URLs",
    form: "base64",
    write: (b) => Buffer.from(b.toString("base64url")),
  },
  ...[
    { title: "64 columns, LF", columns: 64, end: "\n" },
    { title: "76 columns, CRLF", columns: 76, end: "\r\n" },
    { title: "20 columns, indented", columns: 20, end: "\n      " },
    { title: "64 columns, LF escaped", columns: 64, end: "\\n" },
    { title: "20 columns, CRLF escaped", columns: 20, end: "\\r\\n" },
    { title: "20 columns, LF escaped twice", columns: 20, end: "\\\\n" },
  ].map(({ title, columns, end }) => ({
    title: `in base64 of ${title}`,
    form: "base64",
    write: (b: Buffer) => wrap(b.toString("base64"), columns, end),
  })),
  { title: "in hex", form: "hex", write: (b) => Buffer.from(b.toString("hex")) },
  {
    title: "in upper-case hex",
    form: "hex",
    write: (b) => Buffer.from(b.toString("hex").toUpperCase()),
  },
  { title: "in hex of 60 columns", form: "hex", write: (b) => wrap(b.toString("hex"), 60, "\n") },
  {
    title: "with every character JSON-escaped",
    form: "JSON escapes",
    text: true,
    write: (b) => each(b, (hex) => `\\u00${hex}`),
  },
  {
    title: "with every character JSON-escaped in upper case",
    form: "JSON escapes",
    text: true,
    write: (b) => each(b, (hex) => `\\u00${hex.toUpperCase()}`),
  },
  {
    title: "with every character percent-encoded",
    form: "percent escapes",
    write: (b) => each(b, (hex) => `%${hex}`),
  },
  {
    title: "with every character percent-encoded in upper case",
    form: "percent escapes",
    write: (b) => each(b, (hex) => `%${hex.toUpperCase()}`),
  },
  { title: "in UTF-16", form: "UTF-16", text: true, write: utf16 },
  { title: "in big-endian UTF-16", form: "UTF-16", text: true, write: (b) => utf16(b).swap16() },
  { title: "inside gzip", form: "gzip", write: (b) => gzipSync(b) },
  { title: "inside zlib", form: "zlib", write: (b) => deflateSync(b) },
  { title: "inside stored zlib", form: "zlib", write: (b) => deflateSync(b, { level: 0 }) },
];

function base64(content: Buffer, offset: number): Buffer {
  return Buffer.from(Buffer.concat([Buffer.alloc(offset, "x"), content]).toString("base64"));
}

function wrap(text: string, columns: number, end: string): Buffer {
  return Buffer.from((text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []).join(end));
}

function each(content: Buffer, write: (hex: string) => string): Buffer {
  return Buffer.from((content.toString("hex").match(/../g) ?? []).map(write).join(""));
}

function utf16(content: Buffer): Buffer {
  return Buffer.from(content.toString("latin1"), "utf16le");
}
