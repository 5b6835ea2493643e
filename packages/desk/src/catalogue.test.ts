import { expect, test } from "vitest";
import { architectureOf, locations, serverTypes } from "./catalogue.ts";
import { defaults } from "./defaults.ts";

test("every server type is offered somewhere, under one name", () => {
  expect(new Set(serverTypes.map(({ name }) => name)).size).toBe(serverTypes.length);
  for (const type of serverTypes) {
    expect(type.locations.length).toBeGreaterThan(0);
    expect(locations).toEqual(expect.arrayContaining([...type.locations]));
  }
});

test("the default type is offered in the default location and has the memory that OpenClaw needs", () => {
  const type = serverTypes.find(({ name }) => name === defaults.serverType);
  expect(type?.locations).toContain(defaults.location);
  expect(type?.memoryGb).toBeGreaterThanOrEqual(4);
});

test("the architecture of a type that is not listed follows from the vendor's naming", () => {
  expect(serverTypes.every(({ name, architecture }) => architectureOf(name) === architecture)).toBe(
    true,
  );
  expect(architectureOf("cax99")).toBe("arm");
  expect(architectureOf("cx99")).toBe("x86");
});
