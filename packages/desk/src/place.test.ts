import { expect, test } from "vitest";
import { moveProblem } from "./place.ts";

test.each([
  [{ location: "fsn1" }, { location: "fsn1" }],
  [{}, { location: "fsn1" }],
  [{ location: "fsn1" }, {}],
  [{ location: "fsn1" }, { location: "nbg1", data: { protect: false } }],
  [{ location: "fsn1" }, { location: { unknown: true } }],
])("a desk may change from %j to %j", (before, after) =>
  expect(moveProblem("alice", before, after)).toBeUndefined(),
);

test.each([
  [{}, { location: "nbg1" }],
  [{ location: "fsn1" }, { location: "nbg1", data: { sizeGb: 40 } }],
  [
    { location: "fsn1", data: { protect: false } },
    { location: "nbg1", data: { protect: true } },
  ],
])("a protected desk may not move from %j to %j", (before, after) =>
  expect(moveProblem("alice", before, after)).toMatch(
    /^desk "alice": location: must stay fsn1 while data\.protect is on, is nbg1: .* Make a new desk in nbg1 and move the data there;/,
  ),
);

test("it is named by its hostname", () => {
  expect(moveProblem("desk", {}, { hostname: "bob", location: "nbg1" })).toMatch(/^desk "bob": /);
});
