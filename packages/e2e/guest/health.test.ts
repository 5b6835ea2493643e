import { fingerprint } from "@bureau/desk";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld();
});
afterAll(() => world?.close());

async function withBroker(provider: object): Promise<GuestDesk> {
  const desk = await temporaryDesk(world, { args: { provider } });
  await desk.until("the broker", "curl -fsS http://127.0.0.1:18900/healthz");
  return desk;
}

test.each([
  ["anthropic", "/v1/models"],
  ["openai", "/v1/models"],
  ["openrouter", "/api/v1/key"],
] as const)(
  "a key that %s does not know is told by desk-status, asked at %s",
  async (name, path) => {
    const desk = await withBroker({ name, apiKey: canaryKey(name) });
    world.provider.forget();
    const { provider, problems } = await desk.status();
    expect(provider).toMatchObject({ reachable: true, key: "refused" });
    expect(problems).toContain("provider: refuses the key (HTTP 401)");
    expect((await desk.sh("desk-status")).code).toBe(1);
    expect(world.provider.requests()[0]).toMatchObject({ provider: name, path, key: "wrong" });
  },
);

test("OpenAI's 403 leaves the key unknown, and no problem: restricted keys chat all the same", async () => {
  const desk = await withBroker({ name: "openai", apiKey: world.keys.openai });
  world.provider.behave({ provider: "openai", status: 403, times: 1 });
  const { provider, problems } = await desk.status();
  expect(provider).toMatchObject({ reachable: true, key: "unknown" });
  expect(problems.filter((problem) => problem.startsWith("provider"))).toEqual([]);
});

test("a broker that started before the network had names finds its provider later", async () => {
  await world.machines.setWorld({ ...world.surroundings, hosts: {} });
  let desk: GuestDesk;
  try {
    desk = await withBroker({ name: "anthropic", apiKey: world.keys.anthropic });
    expect((await desk.status()).provider.reachable).toBe(false);
  } finally {
    await world.machines.setWorld(world.surroundings);
  }
  await desk.until("the provider", "desk-status | grep -q '\"reachable\": true'");
});

test("a broker that starts before there is a name server waits for one", async () => {
  const desk = await withBroker({ name: "anthropic", apiKey: world.keys.anthropic });
  await desk.ok("mv /etc/resolv.conf /etc/resolv.conf.kept && : > /etc/resolv.conf");
  expect((await desk.sh("systemctl restart desk-broker")).code).not.toBe(0);
  expect((await desk.status()).problems).toContain("broker: does not answer");
  await desk.ok("mv /etc/resolv.conf.kept /etc/resolv.conf");
  await desk.until("the provider", "desk-status | grep -q '\"reachable\": true'");
});

test("a volume that is attached late is waited for", async () => {
  const start = "systemctl start srv-desk.mount";
  const desk = await temporaryDesk(world, {
    edit: (text) => text.replace(`until ${start}`, `until { test -e /run/attached && ${start}; }`),
  });
  await desk.until(
    "the wait",
    "grep -q 'waiting for the data volume' /var/log/cloud-init-output.log",
  );
  const { problems } = await desk.status();
  expect(problems).toContain("data: the volume is not mounted at /srv/desk");
  await desk.ok("touch /run/attached");
  await desk.until("its health", "desk-status");
});

test("rules that someone flushed are told, and so is a volume that went read-only", async () => {
  const desk = await temporaryDesk(world);
  await desk.ready();
  await desk.until("its health", "desk-status");
  await desk.ok("nft flush ruleset && mount -o remount,ro,bind /srv/desk");
  expect((await desk.status()).problems).toEqual([
    "data: the volume is read-only",
    "firewall: the rules are not loaded",
  ]);
});

test.each([
  ["sends root elsewhere", "HTTP/1.1 302 Found\\r\\nLocation: http://169.254.169.254/\\r\\n\\r\\n"],
  ["is no HTTP", "hello\\r\\n"],
  ["is a list", "HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\n[[]]"],
  ["never ends", "HTTP/1.1 200 OK\\r\\nContent-Length: 99\\r\\n\\r\\n{"],
])("an agent whose answer %s is not ready, and desk-status says so", async (_, answer) => {
  const desk = await withBroker({ name: "anthropic", apiKey: world.keys.anthropic });
  await desk.ok("systemctl stop desk-agent");
  await desk.ok(`systemd-run -q --uid=agent --unit=fake python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 18789))
callers = []
while True:
    caller, _ = server.accept()
    callers.append(caller)
    caller.recv(4096)
    caller.sendall("${answer}".encode())
'`);
  await desk.until("the impostor", "ss -Hltn src 127.0.0.1:18789 | grep -q .");
  expect((await desk.status()).problems).toContain("agent: is not ready");
});

test("the fingerprint is that of the key that the broker runs with, as the preview shows it", async () => {
  const desk = await withBroker({ name: "anthropic", apiKey: world.keys.anthropic });
  const status = await desk.status();
  expect(status.provider).toMatchObject({ fingerprint: fingerprint(world.keys.anthropic) });
});

test("a full volume is told, and the desk goes on when there is room again", async () => {
  const desk = await temporaryDesk(world);
  await desk.ready();
  await desk.ok(
    "cd /srv/desk/home && fallocate -l 8G big; dd if=/dev/zero of=rest bs=1M 2>/dev/null; true",
    {
      user: "agent",
    },
  );
  expect(await desk.status()).toMatchObject({
    healthy: false,
    problems: ["data: the volume is full"],
  });
  await desk.ok("rm /srv/desk/home/big /srv/desk/home/rest", { user: "agent" });
  await desk.until("its health", "desk-status");
  expect(await desk.chat("Room again?")).toContain("Room again?");
});

test("after a reboot it is healthy, with a new local token and the same conversation", async () => {
  const desk = await temporaryDesk(world);
  await desk.ready();
  await desk.chat("We talk about penguins.", "reboot");
  const token = await desk.ok("sha256sum /run/desk/secrets/broker-token");
  await world.api("POST", `/servers/${desk.serverId}/actions/reboot`);
  await world.machines.settled();
  await desk.ready();
  await desk.until("its health", "desk-status");
  expect(await desk.ok("sha256sum /run/desk/secrets/broker-token")).not.toBe(token);
  world.provider.forget();
  expect(await desk.chat("What about?", "reboot")).toContain("What about?");
  expect(await desk.ok("grep -rlaF penguins /srv/desk/state | head -1")).not.toBe("");
  expect(await desk.ok("systemctl --failed --plain --no-legend")).toBe("");
});

test("agent and broker are told to stop within 20 s", async () => {
  const desk = await withBroker({ name: "anthropic", apiKey: world.keys.anthropic });
  const limits = await desk.ok("systemctl show -P TimeoutStopUSec desk-agent desk-broker");
  const seconds = limits
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => /^(\d+)s$/.exec(line)?.[1]);
  expect(seconds).toHaveLength(2);
  for (const limit of seconds) expect(Number(limit)).toBeLessThanOrEqual(20);
});
