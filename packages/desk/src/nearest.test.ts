import { expect, test } from "vitest";
import { nearest, nearestOf } from "./nearest.ts";

test("a slip finds the name that was meant", () => {
  expect(nearest("cx24", ["cx23", "cax11", "ccx13"])).toBe("cx23");
  expect(nearest("FSN1", ["nbg1", "fsn1"])).toBe("fsn1");
});

test("another word finds nothing", () => {
  expect(nearest("frankfurt", ["fsn1", "nbg1"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});

test("the best comes first, and equals come by name", () => {
  expect(nearestOf("cx2", ["cx43", "cx33", "cx23"], 2)).toEqual(["cx23", "cx33"]);
});
