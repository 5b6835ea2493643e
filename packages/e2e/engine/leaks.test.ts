import { join } from "node:path";
import { hunt } from "@bureau/cli";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, fixture } from "../src/stack.ts";
import { createWorld, type World } from "../src/world.ts";

let world: World;

beforeAll(async () => {
  world = await createWorld({ actions: "instant" });
});
afterAll(() => world?.close());

/** Looks for the canaries in everything that the world's runs left behind, and in what they said. */
async function findings(canaries: Record<string, string>, said: string) {
  const report = await hunt({
    secrets: Object.entries(canaries).map(([label, value]) => ({ label, value })),
    places: [{ label: "everything written", path: world.dir }],
    texts: [{ label: "console output", text: said }],
    skip: [join(world.dir, "pulumi-home", "plugins")], // program files
  });
  expect(report.files).toBeGreaterThan(10);
  return report.findings;
}

describe("the leak hunt over real runs", () => {
  test("finds nothing after create, plan, changed keys, a failed update, refresh, export and destroy", async () => {
    const canaries = {
      first: canaryKey("anthropic"),
      second: canaryKey("anthropic"),
      embeddings: canaryKey("openai"),
      passphrase: world.env.PULUMI_CONFIG_PASSPHRASE ?? "",
    };
    const stack = await createStack(world, "quiet", {
      config: {
        "bureau:provider": "anthropic",
        "bureau:data": { protect: false },
        "bureau:embeddings": { provider: "openai", model: "text-embedding-3-small" },
      },
      secrets: { "bureau:apiKey": canaries.first, "bureau:embeddings.apiKey": canaries.embeddings },
    });
    const said: string[] = [];
    const run = async (...args: string[]) => {
      const command = await stack.run(args);
      said.push(command.output);
      return command;
    };
    const plan = join(world.dir, "plan.json");
    const log = (name: string) => ["--event-log", join(world.dir, `${name}.events.json`)];

    expect((await run("preview", "--diff", "--save-plan", plan, ...log("preview"))).code).toBe(0);
    expect((await run("up", "--yes", "--plan", plan, ...log("up"))).code).toBe(0);
    await stack.setSecret("bureau:apiKey", canaries.second);
    expect((await run("preview", "--diff", "--json")).code).toBe(0);
    world.cloud.failNext({ method: "POST", path: "/servers", error: "resource_unavailable" });
    expect((await run("up", "--yes", "--diff")).code).not.toBe(0);
    expect((await run("up", "--yes", "--diff", ...log("again"))).code).toBe(0);
    expect((await run("refresh", "--yes")).code).toBe(0);
    expect((await run("stack", "export")).code).toBe(0);
    expect((await run("stack", "output", "--json")).code).toBe(0);
    expect((await run("destroy", "--yes", ...log("destroy"))).code).toBe(0);

    expect(await findings(canaries, said.join("\n"))).toEqual([]);
  });

  test("a preview shows fingerprints and models, so that a reviewer sees that the key changed", async () => {
    const stack = await createStack(world, "review", {
      config: { "bureau:provider": "anthropic", "bureau:model": "claude-sonnet-5" },
      secrets: { "bureau:apiKey": canaryKey("anthropic") },
    });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    stack.configure({ "bureau:model": "claude-opus-5" });
    await stack.setSecret("bureau:apiKey", canaryKey("anthropic"));
    const { output } = await stack.ok(["preview", "--diff"]);
    expect(output).toMatch(/~ model\s*: "claude-sonnet-5" => "claude-opus-5"/);
    expect(output).toMatch(/~ fingerprint\s*: "[0-9a-f]{8}" => "[0-9a-f]{8}"/i);
    expect(output).toMatch(/apiKey\s*: \[secret\]/);
  });

  test.each([
    { mutation: "none", leaks: false },
    { mutation: "no additionalSecretOutputs", leaks: true },
    { mutation: "no secret wrap", leaks: true },
    { mutation: "no guard of the debug log", leaks: true },
  ])("with mutation `$mutation` the hunt finds a leak: $leaks", async ({ mutation, leaks }) => {
    const canary = canaryKey("anthropic");
    const stack = await createStack(world, mutation.replaceAll(" ", "-").toLowerCase(), {
      program: fixture(world, "mutants"),
      env: { MUTATION: mutation, CANARY: canary },
    });
    const { output } = await stack.ok([
      ...["up", "--yes", "--event-log", join(world.dir, `${stack.name}.events.json`)],
    ]);
    await stack.ok(["destroy", "--yes"]);
    expect((await findings({ canary }, output)).length > 0).toBe(leaks);
  });
});
