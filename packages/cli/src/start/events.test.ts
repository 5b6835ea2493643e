import { expect, test } from "vitest";
import { countChanges } from "./events.ts";

const log = (resourceChanges: Record<string, number>) =>
  `{"sequence":0,"preludeEvent":{"config":{}}}\n${JSON.stringify({ summaryEvent: { resourceChanges } })}\n`;

test.each([
  [{ same: 9 }, 0],
  [{ same: 6, replace: 3 }, 3],
  [{ create: 10 }, 10],
  [{ same: 8, update: 1, delete: 1 }, 2],
])("a preview with %o changes %i resources", (changes, count) => {
  expect(countChanges(log(changes))).toBe(count);
});

test("a log that was cut off before its summary is an error, not `no changes`", () => {
  expect(() => countChanges('{"sequence":0}\n')).toThrow("no summary");
});
