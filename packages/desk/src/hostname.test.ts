import fc from "fast-check";
import { expect, test } from "vitest";
import { hostnameProblem } from "./hostname.ts";

test.each(["a", "alice", "desk-1", "1desk", "x".repeat(54)])("%s is a host name", (name) =>
  expect(hostnameProblem(name)).toBeUndefined(),
);

test.each(["", "-a", "a-", "Alice", "a_b", "a.b", "a b", "ä", "x".repeat(55), "a\n"])(
  "%j is none",
  (name) => expect(hostnameProblem(name)).toBeDefined(),
);

test("every accepted name leaves room for the suffixes of its resources", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{1,70}$/), (name) => {
      if (hostnameProblem(name) === undefined) {
        expect(`${name}-firewall`).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      }
    }),
  );
});
