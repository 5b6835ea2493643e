import { canaryKey } from "@bureau/testkit";
import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

test("a key has the same eight hex digits in every release", () => {
  // openssl dgst -sha256 -hmac bureau/fingerprint/v1
  expect(fingerprint("not-a-key")).toBe("81298696");
});

test("two keys have two", () => {
  expect(fingerprint(canaryKey("anthropic"))).not.toBe(fingerprint(canaryKey("anthropic")));
});
