import { expect, test } from "vitest";
import { shrinkProblem } from "./volume.ts";

const volume = (size: unknown) => ({ name: "alice-data", size });

test.each([
  [volume(20), volume(20)],
  [volume(20), volume(40)],
  [volume(20), {}],
  [undefined, volume(20)],
])("%j may become %j", (before, after) => expect(shrinkProblem(before, after)).toBeUndefined());

test("a shrunk volume is refused with desk, field and remedy", () => {
  expect(shrinkProblem(volume(40), volume(20))).toBe(
    'desk "alice": data.sizeGb: must not shrink from 40 to 20: a volume only grows. ' +
      "Set it to 40 or more, or make a new desk and move the data there.",
  );
});
