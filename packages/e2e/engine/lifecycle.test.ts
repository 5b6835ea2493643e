import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

let world: World;
let stack: Stack;

beforeAll(async () => {
  world = await createWorld();
  stack = await createStack(world, "alice", {
    config: { "bureau:provider": "anthropic", "bureau:data": { protect: true } },
    secrets: { "bureau:apiKey": canaryKey("anthropic") },
  });
});

afterAll(() => world?.close());

const desk = (role: string) => `desk-${role}`;

describe("one desk from its first up to its destroy", () => {
  test("a preview makes no request that writes", async () => {
    const { command, writes } = await observe(world, stack, ["preview"]);
    expect(command.code, command.output).toBe(0);
    expect(writes).toEqual([]);
  });

  test("up creates server, volume, addresses and firewall under their fixed names", async () => {
    const { command } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    const { servers, volumes, primaryIps, firewalls } = world.cloud.snapshot();
    expect(servers.map(({ name }) => name)).toEqual(["alice"]);
    expect(volumes.map(({ name }) => name)).toEqual(["alice-data"]);
    expect(primaryIps.map(({ name }) => name).sort()).toEqual(["alice-ipv4", "alice-ipv6"]);
    expect(firewalls.map(({ name }) => name)).toEqual(["alice-firewall"]);
    for (const { labels } of [...servers, ...volumes, ...primaryIps, ...firewalls]) {
      expect(labels).toMatchObject({ "bureau-desk": "alice", "bureau-stack": "alice" });
    }
  });

  test("an up without a change makes no request at all that writes", async () => {
    const { command, steps, writes, reads } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect({ steps, writes, reads }).toEqual({ steps: [], writes: [], reads: 0 });
  });

  test("a refresh and an up after it write nothing, though an address answers `unassigned`", async () => {
    const address = world.cloud.snapshot().primaryIps.find(({ name }) => name === "alice-ipv6");
    const server = world.cloud.snapshot().servers[0];
    await api("POST", `/servers/${server?.id}/actions/poweroff`);
    await api("POST", `/primary_ips/${address?.id}/actions/unassign`);
    const answer = await api("GET", `/primary_ips/${address?.id}`);
    expect(answer).toMatchObject({ primary_ip: { assignee_type: "unassigned" } });

    const refresh = await observe(world, stack, ["refresh", "--yes", "--skip-preview"]);
    expect(refresh.command.code, refresh.command.output).toBe(0);
    const { command, writes } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(writes).toEqual([]);
  });

  test("what someone changed by hand is put right by a refresh and an up", async () => {
    const { servers, firewalls } = world.cloud.snapshot();
    await api("PUT", `/servers/${servers[0]?.id}`, { labels: { owner: "someone" } });
    await api("POST", `/firewalls/${firewalls[0]?.id}/actions/set_rules`, {
      rules: [{ direction: "in", protocol: "tcp", port: "22", source_ips: ["0.0.0.0/0"] }],
    });
    await stack.ok(["refresh", "--yes", "--skip-preview"]);
    const { command, steps } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(steps).toEqual([`~ ${desk("firewall")}`, `~ ${desk("server")}`]);
    const after = world.cloud.snapshot();
    expect(after.servers[0]?.labels).toMatchObject({ "bureau-desk": "alice" });
    expect(after.firewalls[0]?.rules.map(({ protocol }) => protocol)).toEqual(["icmp"]);
  });

  test("a server deleted by hand is made again, with the same volume and addresses", async () => {
    const before = world.cloud.snapshot();
    await api("DELETE", `/servers/${before.servers[0]?.id}`);
    await stack.ok(["refresh", "--yes", "--skip-preview"]);
    const { command, steps } = await observe(world, stack);
    expect(command.code, command.output).toBe(0);
    expect(steps).toContain(`+ ${desk("server")}`);
    const after = world.cloud.snapshot();
    expect(after.volumes.map(({ id }) => id)).toEqual(before.volumes.map(({ id }) => id));
    expect(after.volumes[0]?.server).toBe(after.servers[0]?.id);
    expect(after.primaryIps.map(({ id, ip }) => ({ id, ip }))).toEqual(
      before.primaryIps.map(({ id, ip }) => ({ id, ip })),
    );
  });

  test("destroy of a protected desk says what is protected and how to lift it", async () => {
    const { command, writes } = await observe(world, stack, ["destroy", "--yes"]);
    expect(command.code).not.toBe(0);
    expect(writes).toEqual([]);
    expect(command.output).toContain("desk-data");
    expect(command.output).toContain("protect");
    expect(command.output).toMatch(/unprotect|protect: false|bureau:data\.protect/);
  });

  test("destroy after the protection is lifted leaves an empty cloud", async () => {
    stack.configure({ "bureau:data": { protect: false } });
    await stack.ok(["up", "--yes", "--skip-preview"]);
    const { command } = await observe(world, stack, ["destroy", "--yes", "--skip-preview"]);
    expect(command.code, command.output).toBe(0);
    const { servers, volumes, primaryIps, firewalls } = world.cloud.snapshot();
    expect({ servers, volumes, primaryIps, firewalls }).toEqual({
      servers: [],
      volumes: [],
      primaryIps: [],
      firewalls: [],
    });
  });
});

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(world.cloud.url + path, {
    method,
    headers: { authorization: `Bearer ${world.cloud.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path} answered ${response.status}`).toBe(true);
  return response.status === 204 ? undefined : response.json();
}
