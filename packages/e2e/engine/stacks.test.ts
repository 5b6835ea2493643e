import { randomBytes } from "node:crypto";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());

const desk = (more: Record<string, unknown> = {}) => ({ "bureau:provider": "anthropic", ...more });
const key = () => ({ "bureau:apiKey": canaryKey("anthropic") });

describe("stacks beside each other", () => {
  test("neither of two desks can decrypt the other's key", async () => {
    const passphrases = [0, 1].map(() => ({
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    }));
    const keys = [key(), key()];
    const stacks = await Promise.all(
      ["one", "two"].map((name, i) =>
        createStack(world, name, {
          config: desk(),
          secrets: keys[i] ?? {},
          env: passphrases[i] ?? {},
        }),
      ),
    );
    for (const stack of stacks) await stack.ok(["up", "--yes", "--skip-preview"]);

    for (const [i, stack] of stacks.entries()) {
      const own = await stack.ok(["config", "get", "bureau:apiKey"]);
      expect(own.stdout.trim()).toBe(keys[i]?.["bureau:apiKey"]);
      for (const args of [
        ["config", "get", "bureau:apiKey"],
        ["stack", "export", "--show-secrets"],
      ]) {
        const foreign = await stack.run(args, { env: passphrases[1 - i] });
        expect(foreign.code).not.toBe(0);
        expect(foreign.output).toContain("incorrect passphrase");
      }
    }
    expect(world.cloud.snapshot().servers.map(({ name }) => name)).toEqual(["one", "two"]);
  });

  test("a second desk of the same name stops with an error instead of a second server", async () => {
    const first = await createStack(world, "twin", { config: desk(), secrets: key() });
    await first.ok(["up", "--yes", "--skip-preview"]);
    const second = await createStack(world, "other", {
      config: desk({ "bureau:hostname": "twin" }),
      secrets: key(),
    });
    const { command } = await observe(world, second);
    expect(command.code).not.toBe(0);
    expect(command.output).toContain("uniqueness_error");
    expect(world.cloud.snapshot().servers.filter(({ name }) => name === "twin")).toHaveLength(1);
  });

  test("a stack renamed with bureau:hostname set replaces nothing", async () => {
    const stack = await createStack(world, "before", {
      config: desk({ "bureau:hostname": "steady" }),
      secrets: key(),
    });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    await stack.ok(["stack", "rename", "after"]);
    const renamed = await createStack(world, "after", { existing: true });
    const { command, steps, writes } = await observe(world, renamed);
    expect(command.code, command.output).toBe(0);
    // Only the label that names the stack changes.
    expect(steps).toEqual([
      "~ desk-data",
      "~ desk-firewall",
      "~ desk-ipv4",
      "~ desk-ipv6",
      "~ desk-server",
    ]);
    expect(new Set(writes.map((write) => write.split(" ")[0]))).toEqual(new Set(["PUT"]));
    const server = world.cloud.snapshot().servers.find(({ name }) => name === "steady");
    expect(server?.labels).toMatchObject({ "bureau-stack": "after" });
  });

  test("a volume that outlived its stack is found again by volumeId", async () => {
    const created = await fetch(`${world.cloud.url}/volumes`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.cloud.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "kept", size: 40, location: "fsn1" }),
    });
    const { volume } = (await created.json()) as { volume: { id: number } };

    const stack = await createStack(world, "finder", {
      config: desk({ "bureau:data": { volumeId: volume.id, sizeGb: 40 } }),
      secrets: key(),
    });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    const { servers, volumes } = world.cloud.snapshot();
    const server = servers.find(({ name }) => name === "finder");
    expect(volumes.find(({ id }) => id === volume.id)?.server).toBe(server?.id);
    expect(volumes.filter(({ name }) => name.startsWith("finder"))).toEqual(
      volumes.filter(({ id, name }) => id === volume.id && name.startsWith("finder")),
    );

    const again = await observe(world, stack);
    expect(again.command.code, again.command.output).toBe(0);
    expect({ steps: again.steps, writes: again.writes }).toEqual({ steps: [], writes: [] });
  });

  test("a smaller volume and another location are refused in preview", async () => {
    const stack = await createStack(world, "shrink", {
      config: desk({ "bureau:data": { sizeGb: 30 } }),
      secrets: key(),
    });
    await stack.ok(["up", "--yes", "--skip-preview"]);

    stack.configure({ "bureau:data": { sizeGb: 20 } });
    const smaller = await observe(world, stack, ["preview"]);
    expect(smaller.command.code).not.toBe(0);
    expect(smaller.command.output).toMatch(/shrink/);
    expect(smaller.writes).toEqual([]);

    stack.configure({ "bureau:data": { sizeGb: 30 }, "bureau:location": "nbg1" });
    const moved = await observe(world, stack, ["preview"]);
    expect(moved.command.code).not.toBe(0);
    expect(moved.command.output).toMatch(/shrink/);
    expect(moved.command.output).toMatch(/location/);
    expect(moved.writes).toEqual([]);
  });

  test("another location with protection off replaces everything that belongs to the old one", async () => {
    const stack = await createStack(world, "mover", {
      config: desk({ "bureau:data": { protect: false } }),
      secrets: key(),
    });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    stack.configure({ "bureau:location": "nbg1" });
    const { command, steps } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(steps).toEqual(
      expect.arrayContaining(["+- desk-data", "+- desk-ipv4", "+- desk-ipv6", "+- desk-server"]),
    );
    const { servers, volumes } = world.cloud.snapshot();
    const server = servers.find(({ name }) => name === "mover");
    expect(server?.location).toBe("nbg1");
    expect(volumes.find(({ name }) => name === "mover-data")?.server).toBe(server?.id);
  });
});
