import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Command, runCommand } from "@bureau/cli";
import type { Fault } from "@bureau/hetzner-emulator";
import { canaryKey } from "@bureau/testkit";
import { afterEach, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import { seeded } from "../src/random.ts";
import { createStack, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

const repairEntry = fileURLToPath(new URL("../../cli/src/repair/main.ts", import.meta.url));
const seed = Number(process.env.BUREAU_CRASH_SEED ?? randomInt(2 ** 31));
const random = seeded(seed);
/** The writes of a create are 5 to 8 and of a replacement 4 to 6; what lies between are reads. */
const killPoints = Array.from({ length: 4 }, () => 1 + random(24));

let world: World;
let stack: Stack;

beforeEach(async () => {
  world = await createWorld({ actions: "instant" });
  stack = await createStack(world, "crash", {
    config: { "bureau:provider": "anthropic", "hcloud:pollInterval": "100ms" },
    secrets: { "bureau:apiKey": canaryKey("anthropic") },
  });
  onTestFailed(() => {
    process.stderr.write(`crash tests: again with BUREAU_CRASH_SEED=${seed}\n`);
  });
});
afterEach(() => world?.close());

const up = ["up", "--yes", "--skip-preview"];

/** Ends the engine at the given request, counted from now, as a power cut would. */
function upKilledAt(count: number): Promise<Command> {
  const before = world.cloud.requests().length;
  return upKilledWhen(() => world.cloud.requests().length >= before + count);
}

async function upKilledWhen(reached: () => boolean): Promise<Command> {
  let running = true;
  const watch = async (pid: number) => {
    while (running && !reached()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (running) process.kill(pid, "SIGKILL");
  };
  const command = await stack.run(up, { onSpawn: (pid) => void watch(pid) });
  running = false;
  return command;
}

function repair(...args: string[]): Promise<Command> {
  const command = ["--conditions=@bureau/source", repairEntry, "--stack", "crash", ...args];
  return runCommand(process.execPath, [...command, "-C", stack.project], {
    cwd: world.dir,
    env: { ...world.env, HOME: process.env.HOME, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME },
  });
}

async function recover(): Promise<string> {
  await stack.run(["cancel", "--yes"]);
  const repaired = await repair("--yes");
  expect(repaired.code, repaired.output).toBe(0);
  await stack.ok(up);
  return repaired.output;
}

/** State and cloud agree, nothing is there twice, nothing is left to do. */
async function expectGoal(volume?: number): Promise<void> {
  const { servers, volumes, primaryIps, firewalls } = world.cloud.snapshot();
  const counts = [servers, volumes, primaryIps, firewalls].map(({ length }) => length);
  expect(counts).toEqual([1, 1, 2, 1]);
  if (volume !== undefined) expect(volumes[0]?.id).toBe(volume);
  expect(volumes[0]?.server).toBe(servers[0]?.id);
  const state = await stack.state();
  // What was imported unprotected, the program has protected since.
  expect(state.find(({ type }) => type.endsWith(":Volume"))?.protect).toBe(true);
  const recorded = state
    .filter(({ type }) => type.startsWith("hcloud:") && !type.endsWith(":VolumeAttachment"))
    .map(({ id }) => Number(id));
  const there = [servers, volumes, primaryIps, firewalls].flat().map(({ id }) => id);
  expect(recorded.sort()).toEqual(there.sort());
  const again = await observe(world, stack);
  expect(again.command.code, again.command.output).toBe(0);
  expect(again.writes).toEqual([]);
  const nothing = await repair();
  expect(nothing.output).toContain("nothing to repair");
}

async function changeKey(): Promise<number | undefined> {
  await stack.ok(up);
  await stack.setSecret("bureau:apiKey", canaryKey("anthropic"));
  return world.cloud.snapshot().volumes[0]?.id;
}

describe("an engine killed", () => {
  test.each(killPoints)(
    "at request %i of a create: repair and up reach the goal",
    async (point) => {
      await upKilledAt(point);
      await recover();
      await expectGoal();
    },
  );

  test.each(killPoints)(
    "at request %i of a replacement: repair and up reach the goal, with the same volume",
    async (point) => {
      const volume = await changeKey();
      await upKilledAt(point);
      await recover();
      await expectGoal(volume);
    },
  );
});

/** What goes wrong, without where. */
type FaultKind = Fault extends infer One
  ? One extends unknown
    ? Omit<One, "method" | "path" | "times">
    : never
  : never;
type Kind = { readonly title: string; readonly kind: FaultKind };

const kinds: readonly Kind[] = [
  { title: "an error code", kind: { error: "resource_unavailable" } },
  { title: "a 503", kind: { status: 503 } },
  { title: "no answer", kind: { timeout: true } },
  { title: "a cut before the effect", kind: { cut: "before" } },
  { title: "a cut after the effect", kind: { cut: "after" } },
  { title: "an action that fails", kind: { actionFails: true } },
];
const writes = {
  create: [
    { where: "POST /primary_ips", method: "POST", path: /^\/primary_ips$/ },
    { where: "POST /volumes", method: "POST", path: /^\/volumes$/ },
    { where: "POST /firewalls", method: "POST", path: /^\/firewalls$/ },
    { where: "POST /servers", method: "POST", path: /^\/servers$/ },
    {
      where: "POST /volumes/ID/actions/attach",
      method: "POST",
      path: /^\/volumes\/\d+\/actions\/attach$/,
    },
  ],
  replacement: [
    {
      where: "POST /servers/ID/actions/shutdown",
      method: "POST",
      path: /^\/servers\/\d+\/actions\/shutdown$/,
    },
    { where: "DELETE /servers/ID", method: "DELETE", path: /^\/servers\/\d+$/ },
    { where: "POST /servers", method: "POST", path: /^\/servers$/ },
    {
      where: "POST /volumes/ID/actions/attach",
      method: "POST",
      path: /^\/volumes\/\d+\/actions\/attach$/,
    },
  ],
};
const all = process.env.BUREAU_CRASH_ALL === "1";

/** Every kind of fault, each at one write by chance; at each of them with BUREAU_CRASH_ALL=1. */
function cases(operation: keyof typeof writes) {
  const requests = writes[operation];
  return kinds.flatMap((kind) =>
    (all ? requests : [requests[random(requests.length)]]).flatMap((request) =>
      request === undefined ? [] : [{ ...kind, ...request }],
    ),
  );
}

/** Runs `up` into the fault. One that hangs for want of an answer is killed, as its user would. */
async function upWithFault({ kind, method, path }: Kind & { method: string; path: RegExp }) {
  world.cloud.failNext({ ...kind, method, path });
  if (!("timeout" in kind)) return stack.run(up);
  const before = world.cloud.requests().length;
  return upKilledWhen(() =>
    world.cloud
      .requests()
      .slice(before)
      .some((request) => request.method === method && path.test(request.path.replace(/^\/v1/, ""))),
  );
}

describe("an API that fails", () => {
  test.each(cases("create"))(
    "with $title at $where of a create: repair and up reach the goal",
    async (fault) => {
      await upWithFault(fault);
      await recover();
      await expectGoal();
    },
  );

  test.each(cases("replacement"))(
    "with $title at $where of a replacement: repair and up reach the goal, with the same volume",
    async (fault) => {
      const volume = await changeKey();
      await upWithFault(fault);
      await recover();
      await expectGoal(volume);
    },
  );
});

test("a state that is lost comes back, with the same volume and a new server", async () => {
  await stack.ok(up);
  const [volume] = world.cloud.snapshot().volumes;
  const { stdout } = await stack.ok(["stack", "export"]);
  const { version, deployment } = JSON.parse(stdout);
  const emptied = { version, deployment: { ...deployment, resources: [] } };
  await stack.ok(["stack", "import"], { input: JSON.stringify(emptied) });
  expect((await stack.run(up)).output).toMatch(/uniqueness|already used/);
  const said = await recover();
  expect(said).toContain("import desk-data");
  expect(said).toContain('delete the server "crash"');
  await expectGoal(volume?.id);
});

test("without --yes and without a terminal repair says what it would do, and does nothing", async () => {
  await upWithFault({ title: "", kind: { cut: "after" }, method: "POST", path: /^\/servers$/ });
  const before = world.cloud.snapshot();
  const { code, stdout, stderr } = await repair();
  expect(code).toBe(2);
  expect(stdout).toContain('delete the server "crash"');
  expect(stderr).toContain("--yes");
  expect(world.cloud.snapshot()).toEqual(before);
});
