import { describe, expect, test } from "vitest";
import type { Cloud } from "./cloud.ts";
import { isEmpty, planRepair, types } from "./plan.ts";
import type { State, StateResource } from "./state.ts";

const parent = "urn:pulumi:s::bureau::bureau:index:Desk";
const desk = { urn: `${parent}::desk`, type: "bureau:index:Desk", inputs: { hostname: "alice" } };
const child = (type: string, role: string, id: number): StateResource => ({
  urn: `${parent}$${type}::desk-${role}`,
  type,
  id: String(id),
});
const state = (...resources: StateResource[]): State => ({ resources, pending: [] });

const labels = { "bureau-desk": "alice", "bureau-stack": "s" };
const nothing: Cloud = { servers: [], addresses: [], volumes: [], firewalls: [] };
const whole: Cloud = {
  servers: [{ id: 1, name: "alice", labels, status: "running", volumes: [4] }],
  addresses: [
    { id: 2, name: "alice-ipv4", labels, type: "ipv4" },
    { id: 3, name: "alice-ipv6", labels, type: "ipv6" },
  ],
  volumes: [{ id: 4, name: "alice-data", labels, server: 1 }],
  firewalls: [{ id: 5, name: "alice-firewall", labels }],
};
const recorded = [
  desk,
  child(types.server, "server", 1),
  child(types.address, "ipv4", 2),
  child(types.address, "ipv6", 3),
  child(types.volume, "data", 4),
  child(types.firewall, "firewall", 5),
  { ...child(types.attachment, "attachment", 4), inputs: { serverId: 1, volumeId: 4 } },
];
const without = (...roles: string[]) =>
  state(...recorded.filter(({ urn }) => !roles.some((role) => urn.endsWith(`desk-${role}`))));
const imported = (plan: ReturnType<typeof planRepair>) =>
  plan.imports.map(({ name, id }) => `${name} ${id}`);

describe("the plan of a repair", () => {
  test("is empty where the state has all that the cloud has", () => {
    const plan = planRepair(state(...recorded), whole, "alice");
    expect(isEmpty(plan)).toBe(true);
    expect(plan.leftAlone).toEqual([]);
  });

  test.each([
    { role: "ipv4", id: 2 },
    { role: "ipv6", id: 3 },
    { role: "data", id: 4 },
    { role: "firewall", id: 5 },
    { role: "attachment", id: 4 },
  ])("imports desk-$role when only that is missing", ({ role, id }) => {
    const plan = planRepair(without(role), whole, "alice");
    expect(imported(plan)).toEqual([`desk-${role} ${id}`]);
    expect(plan.imports[0]?.desk).toEqual({ name: "desk", urn: desk.urn });
    expect(plan.deletions).toEqual([]);
  });

  test("deletes a server that was never recorded, and not the attachment that goes with it", () => {
    const plan = planRepair(without("server", "attachment"), whole, "alice");
    expect(plan.deletions).toEqual([{ id: 1, name: "alice" }]);
    expect(plan.imports).toEqual([]);
  });

  test("of an empty state imports all but the server, below a desk that is imported too", () => {
    const plan = planRepair(state(), whole, "alice");
    expect(imported(plan)).toEqual([
      "desk-ipv4 2",
      "desk-ipv6 3",
      "desk-data 4",
      "desk-firewall 5",
    ]);
    expect(plan.imports.map((item) => item.desk.urn)).toEqual(Array(4).fill(undefined));
    expect(plan.deletions).toEqual([{ id: 1, name: "alice" }]);
  });

  test.each([
    ["a state without desks", state()],
    ["a state with another desk", state(desk)],
  ])("leaves alone what belongs to a hostname that is not the stack's: %s", (_, given) => {
    const other = { "bureau-desk": "bob", "bureau-stack": "s" };
    const foreign = Object.fromEntries(
      Object.entries(whole).map(([kind, list]) => [
        kind,
        list.map((item: object) => ({ ...item, labels: other })),
      ]),
    );
    const plan = planRepair(given, { ...nothing, ...foreign }, "alice");
    expect(isEmpty(plan)).toBe(true);
    expect(plan.leftAlone).toHaveLength(5);
  });

  test("leaves alone a second volume where the state has one in its place", () => {
    const second = { id: 44, name: "alice-data-2", labels, server: null };
    const plan = planRepair(
      state(...recorded),
      { ...whole, volumes: [...whole.volumes, second] },
      "alice",
    );
    expect(isEmpty(plan)).toBe(true);
    expect(plan.leftAlone).toEqual([
      'volume "alice-data-2" (44): the state has another one in its place',
    ]);
  });

  test("tells two desks of one stack apart by their hostnames", () => {
    const second = { urn: `${parent}::second`, type: desk.type, inputs: {} };
    const volume = {
      id: 9,
      name: "second-data",
      labels: { ...labels, "bureau-desk": "second" },
      server: null,
    };
    const plan = planRepair(
      state(...recorded, second),
      { ...whole, volumes: [...whole.volumes, volume] },
      "s",
    );
    expect(imported(plan)).toEqual(["second-data 9"]);
  });

  test("never deletes a volume, whatever the state lacks", () => {
    for (let mask = 0; mask < 2 ** recorded.length; mask += 1) {
      const some = recorded.filter((_, i) => mask & (1 << i));
      const { imports, deletions, leftAlone } = planRepair(state(...some), whole, "alice");
      expect(deletions.every(({ id }) => id === 1)).toBe(true);
      const kept = some.some(({ type }) => type === types.volume);
      expect(kept || imports.some(({ type }) => type === types.volume)).toBe(true);
      expect(leftAlone).toEqual([]);
    }
  });

  test("drops an attachment to a server that the volume has left, and imports the one it has", () => {
    const servers = [{ id: 11, name: "alice", labels, status: "running", volumes: [4] }];
    const volumes = [{ id: 4, name: "alice-data", labels: {}, server: 11 }];
    const renewed = [...without("server").resources, child(types.server, "server", 11)];
    const plan = planRepair(state(...renewed), { ...whole, servers, volumes }, "alice");
    expect(plan.stale).toEqual([`${parent}$${types.attachment}::desk-attachment`]);
    expect(imported(plan)).toEqual(["desk-attachment 4"]);
    expect(plan.deletions).toEqual([]);
  });

  test("drops a server that the cloud no longer has, and its attachment", () => {
    const volumes = [{ id: 4, name: "alice-data", labels, server: null }];
    const plan = planRepair(state(...recorded), { ...whole, servers: [], volumes }, "alice");
    expect(plan.gone).toEqual([`${parent}$${types.server}::desk-server`]);
    expect(plan.stale).toEqual([`${parent}$${types.attachment}::desk-attachment`]);
    expect(plan.imports).toEqual([]);
  });

  test("forgets every interrupted step", () => {
    const pending = [{ type: "creating", urn: `${desk.urn}-server` }];
    expect(planRepair({ resources: recorded, pending }, whole, "alice").forgotten).toEqual(pending);
  });
});
