import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";

test("flags are off unless given", () => {
  expect(parseFlags([])).toEqual({ keep: false, down: false, help: false });
});

test("an unknown flag is named in one line", () => {
  expect(() => parseFlags(["--keeep"])).toThrow(/^Unknown option '--keeep'[^\n]*$/);
});

test("a key is no argument", () => {
  expect(() => parseFlags(["--api-key", "x"])).toThrow("--api-key");
});
