import fc from "fast-check";
import { expect, test } from "vitest";
import { isAtLeast, withoutV } from "./version.ts";

test.each([
  ["3.259.0", "3.259.0", true],
  ["v3.259.0", "3.259.0", true],
  ["v3.260.1\n", "3.259.0", true],
  ["4.0.0", "3.259.0", true],
  ["3.258.9", "3.259.0", false],
  ["3.99.0", "3.259.0", false],
  ["2.300.0", "3.259.0", false],
  ["3.259.0-alpha.1", "3.259.0", false],
  ["3.260.0-alpha.1", "3.259.0", true],
  ["3.259.0+dirty", "3.259.0", true],
  ["", "3.259.0", false],
  ["3.259", "3.259.0", false],
  ["pulumi 3.300.0", "3.259.0", false],
])("%j is at least %s: %s", (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});

const version = fc.tuple(fc.nat(9), fc.nat(400), fc.nat(20)).map((numbers) => numbers.join("."));

test("of two versions at least one is at least the other, and both only when they are equal", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [ab, ba] = [isAtLeast(a, b), isAtLeast(b, a)];
      expect(ab || ba).toBe(true);
      expect(ab && ba).toBe(a === b);
    }),
  );
});

test("withoutV takes the v and the line end off", () => {
  expect(withoutV("v3.259.0\n")).toBe("3.259.0");
  expect(withoutV("3.259.0")).toBe("3.259.0");
});
