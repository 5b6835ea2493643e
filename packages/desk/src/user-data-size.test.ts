import { gzipSync } from "node:zlib";
import { canaryKey } from "@bureau/testkit";
import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";
import { checked } from "./user-data.ts";
import { expectedSize, packedSize, userDataLimit } from "./user-data-size.ts";

test("a desk with everything takes less than half of the limit", () => {
  const settings = parseSettings("alice", {
    provider: { name: "anthropic", apiKey: canaryKey("anthropic") },
    embeddings: {
      provider: "openai",
      apiKey: canaryKey("openai"),
      model: "text-embedding-3-small",
    },
  });
  expect(expectedSize(settings)).toBeLessThan(userDataLimit / 2);
});

test("the size told is never below what a packer makes of it", () => {
  for (const text of ["", "a".repeat(5000), canaryKey("openai").repeat(20)]) {
    const mime = `Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/cloud-config\n\n${text}\n--b--\n`;
    expect(packedSize(text)).toBeGreaterThanOrEqual(gzipSync(mime).toString("base64").length);
  }
});

test("a text that would be cut in two, or is too long after all, is a programmer error", () => {
  expect(() => checked("--bureau-desk-user-data")).toThrow("boundary");
  const long = Array.from({ length: 400 }, () => canaryKey("openai")).join("\n");
  expect(() => checked(long)).toThrow(/\d+ bytes as it is sent; the limit is 32768/);
});
