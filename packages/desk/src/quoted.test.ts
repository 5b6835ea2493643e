import { canaryKey } from "@bureau/testkit";
import { expect, test } from "vitest";
import { looksLikeApiKey, quoted, shownPart } from "./quoted.ts";

test.each(["cx23", "desk-1", "task-force", "debian-13", "2001:db8::/32", "openai/gpt-5.6-terra"])(
  "%s is shown",
  (value) => {
    expect(quoted(value)).toBe(`"${value}"`);
    expect(looksLikeApiKey(value)).toBe(false);
  },
);

test.each(["anthropic", "openai", "openrouter"] as const)("a key of %s is not", (provider) => {
  const key = canaryKey(provider);
  expect(quoted(key)).not.toContain(key.slice(8, 12));
  expect(quoted(`x ${key} x`)).not.toContain(key.slice(8, 12));
  expect(quoted(key.slice(0, 12))).not.toContain(key.slice(0, 12));
  expect(shownPart(key)).toBe("...");
  expect(looksLikeApiKey(key)).toBe(true);
});

test("a token of the cloud and a long text are not shown either", () => {
  expect(quoted("a1".repeat(32))).toBe("a value that looks like a secret");
  expect(quoted("a b ".repeat(30))).toBe("120 characters long");
});
