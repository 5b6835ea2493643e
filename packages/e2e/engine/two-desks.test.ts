import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, fixture, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

let world: World;
let stack: Stack;

beforeAll(async () => {
  world = await createWorld();
  stack = await createStack(world, "office", {
    program: fixture(world, "many-desks"),
    config: { "many-desks:names": ["ann", "ben"] },
    secrets: {
      "many-desks:key-ann": canaryKey("anthropic"),
      "many-desks:key-ben": canaryKey("anthropic"),
    },
  });
});
afterAll(() => world?.close());

describe("two desks in one stack", () => {
  test("come up with a server, a volume and addresses each", async () => {
    await stack.ok(["up", "--yes", "--skip-preview"]);
    const { servers, volumes, primaryIps } = world.cloud.snapshot();
    expect(servers.map(({ name }) => name).sort()).toEqual(["ann", "ben"]);
    expect(volumes.map(({ name }) => name).sort()).toEqual(["ann-data", "ben-data"]);
    expect(primaryIps).toHaveLength(4);
  });

  test("a new key of one leaves the other alone", async () => {
    await stack.setSecret("many-desks:key-ann", canaryKey("anthropic"));
    const { command, steps } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(steps.filter((step) => step.includes(" ben"))).toEqual([]);
    expect(steps).toEqual(
      ["+- ann-attachment", "+- ann-server", "+- ann-user-data", "~ ann"].filter((step) =>
        steps.includes(step),
      ),
    );
  });

  test("one of them goes when the program no longer has it", async () => {
    stack.configure({ "many-desks:names": ["ben"] });
    const { command } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(world.cloud.snapshot().servers.map(({ name }) => name)).toEqual(["ben"]);
    expect(world.cloud.snapshot().volumes.map(({ name }) => name)).toEqual(["ben-data"]);
  });

  test("may have one name where their parents are of different types", async () => {
    stack.configure({ "many-desks:team": "red" });
    const { command } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    const names = world.cloud.snapshot().servers.map(({ name }) => name);
    expect(names.sort()).toEqual(["ben", "red-ben"]);
  });
});
