import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, fixture, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

let world: World;
let stack: Stack;

beforeAll(async () => {
  world = await createWorld();
  stack = await createStack(world, "composed", {
    program: fixture(world, "from-outputs"),
    secrets: { "from-outputs:key": canaryKey("openai") },
  });
});
afterAll(() => world?.close());

describe("a desk whose args are Outputs", () => {
  test("is refused before anything is made, with every problem at once", async () => {
    stack.configure({ "from-outputs:location": "fsn2" });
    const { command, writes } = await observe(world, stack);
    expect(command.code).not.toBe(0);
    expect(command.output).toMatch(
      /^ *desk "gated": provider\.apiKey: must be a key of Anthropic.*\n *desk "gated": location: /m,
    );
    expect(writes).toEqual([]);
    expect(world.cloud.snapshot().servers).toEqual([]);
  });

  test("comes up once they are right, and then has no change", async () => {
    stack.configure({ "from-outputs:location": undefined });
    await stack.setSecret("from-outputs:key", canaryKey("anthropic"));
    const { command } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    const again = await observe(world, stack);
    expect({ steps: again.steps, writes: again.writes }).toEqual({ steps: [], writes: [] });
  });

  test("may not move while it is protected, and is told what to do instead", async () => {
    stack.configure({ "from-outputs:protect": true });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    stack.configure({ "from-outputs:location": "nbg1" });
    const { command, writes } = await observe(world, stack, ["preview"]);
    expect(command.code).not.toBe(0);
    expect(command.output).toContain('desk "gated": location: must stay fsn1');
    expect(command.output).not.toContain("unprotect");
    expect(writes).toEqual([]);
  });
});
