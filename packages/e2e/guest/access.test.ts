import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, runCommand } from "@bureau/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;
let dir: string;
let desk: GuestDesk;
let closed: GuestDesk;

beforeAll(async () => {
  world = await createGuestWorld();
  dir = mkdtempSync(join(tmpdir(), "bureau-access-"));
  for (const name of ["owner", "stranger"]) await run("ssh-keygen", keygen(name));
  const publicKeys = [readFileSync(join(dir, "owner.pub"), "utf8").trim()];
  const ssh = { publicKeys, allowFrom: ["127.0.0.1/32"], port: 2222 };
  const provider = { name: "anthropic", apiKey: world.keys.anthropic };
  [desk, closed] = await Promise.all([
    createDesk(world, { args: { provider, access: { ssh } } }),
    createDesk(world),
  ]);
  await Promise.all([desk.ready(), closed.ready()]);
  await desk.until("cloud-init", "cloud-init status | grep -q done");
  writeFileSync(join(dir, "known_hosts"), `[${desk.address}]:2222 ${desk.hostKey}\n`);
});
afterAll(async () => {
  await world?.close();
  rmSync(dir, { recursive: true, force: true });
});

function keygen(name: string): string[] {
  return ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, name)];
}

function run(file: string, args: readonly string[], input?: string): Promise<Command> {
  return runCommand(file, args, { cwd: "/", env: process.env, input });
}

function ssh(
  command: readonly string[],
  options: { user?: string; key?: string; extra?: readonly string[] } = {},
): Promise<Command> {
  const { user = "desk", key = "owner", extra = [] } = options;
  return run("ssh", [
    ...["-F", "none", "-p", "2222", "-i", join(dir, key), "-o", "IdentitiesOnly=yes"],
    ...["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=10"],
    ...["-o", `UserKnownHostsFile=${join(dir, "known_hosts")}`, ...extra],
    `${user}@${desk.address}`,
    ...command,
  ]);
}

test("the owner's key opens `status`, which tells that all is well, without a key in it", async () => {
  const { code, stdout } = await ssh(["status"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true, hostname: desk.settings.hostname });
  expect(stdout).not.toContain(world.keys.anthropic);
});

test("the owner's key opens `logs`, of the desk's own services", async () => {
  const { code, stdout } = await ssh(["logs"]);
  expect(code).toBe(0);
  expect(stdout).toContain("desk-install");
});

test.each([
  ["a shell", []],
  ["another program", ["cat", "/etc/passwd"]],
  ["a program behind a verb", ["status; id"]],
  ["a file transfer", ["scp", "-f", "/etc/passwd"]],
])("the owner's key does not open %s", async (_, command) => {
  const { code, stdout } = await ssh(command);
  expect(code).toBe(64);
  expect(stdout).toBe("");
});

test("the owner's key opens a tunnel to the gateway, and to nothing else", async () => {
  const request = "GET /readyz HTTP/1.0\r\n\r\n";
  const tunnel = (to: string) =>
    run(
      "ssh",
      [
        ...["-F", "none", "-p", "2222", "-i", join(dir, "owner"), "-o", "IdentitiesOnly=yes"],
        ...["-o", "BatchMode=yes", "-o", `UserKnownHostsFile=${join(dir, "known_hosts")}`],
        ...["-W", to, `desk@${desk.address}`],
      ],
      request,
    );
  expect((await tunnel("127.0.0.1:18789")).stdout).toContain('"ready":true');
  for (const to of ["127.0.0.1:18900", "127.0.0.1:18901", "169.254.169.254:80"]) {
    expect((await tunnel(to)).output).toContain("administratively prohibited");
  }
});

test("a stranger's key, a password and root are refused", async () => {
  const refused = [
    await ssh(["status"], { key: "stranger" }),
    await ssh(["status"], { user: "root" }),
    await ssh(["status"], { user: "agent" }),
  ];
  for (const { code, output } of refused) {
    expect(code).toBe(255);
    expect(output).toContain("Permission denied (publickey)");
  }
});

test("a key that the agent puts into its own home opens nothing", async () => {
  const key = readFileSync(join(dir, "owner.pub"), "utf8");
  await desk.ok(
    "cd /srv/desk/home && mkdir -m 700 .ssh && cat > .ssh/authorized_keys && chmod 600 .ssh/authorized_keys",
    {
      user: "agent",
      input: key,
    },
  );
  const { code, output } = await ssh(["id"], { user: "agent" });
  expect(code).toBe(255);
  expect(output).toContain("Permission denied");
});

test("the owner's key opens no port of the desk from outside to inside, and no socket", async () => {
  const options = ["-R", "127.0.0.1:18999:127.0.0.1:9", "-o", "ExitOnForwardFailure=yes"];
  expect((await ssh(["status"], { extra: options })).output).toContain("forwarding failed");
  const effective = await desk.ok(
    "sshd -T -C user=desk,host=x,addr=127.0.0.1 | grep -E '^allow.*forw'",
  );
  expect(effective.split("\n").sort()).toEqual([
    "allowagentforwarding yes", // `restrict` takes it from each key
    "allowstreamlocalforwarding no",
    "allowtcpforwarding local",
  ]);
});

test("the host key is the one that the user data pinned", async () => {
  const made = await desk.ok("ls /etc/ssh/ssh_host_*_key.pub");
  expect(made).toBe("/etc/ssh/ssh_host_ed25519_key.pub");
  expect(await desk.ok(`cut -d' ' -f1,2 ${made}`)).toBe(desk.hostKey);
  // Checked against it, without a question.
  expect((await ssh(["status"])).code).toBe(0);
});

test("a desk without access takes no connection, and the firewall knows its callers", async () => {
  const attempt = await run("ssh", [
    ...["-F", "none", "-i", join(dir, "owner"), "-o", "BatchMode=yes", "-o", "ConnectTimeout=5"],
    ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
    `desk@${closed.address}`,
  ]);
  expect(attempt.code).toBe(255);
  expect(attempt.output).toMatch(/reset|refused|closed/i);
  // From another address of this machine, which is not in allowFrom.
  const elsewhere = await ssh(["status"], { extra: ["-b", "127.0.0.2"] });
  expect(elsewhere.code).toBe(255);
});

test("no port but SSH is open to the outside", async () => {
  const listening = await desk.ok("ss -Hltn | awk '{print $4}' | sort -u");
  const outside = listening.split("\n").filter((at) => !/^(127\.|\[::1\])/.test(at));
  expect(outside.sort()).toEqual(["0.0.0.0:2222", "[::]:2222"]);
});

const gateway = (token: string) =>
  `curl -s -o /dev/null -w '%{http_code}' ${token === "" ? "" : "-K -"} -H 'Content-Type: application/json' -d '{"model":"openclaw","messages":[{"role":"user","content":"x"}]}' http://127.0.0.1:18789/v1/chat/completions`;

test("the gateway refuses a caller without token, and one with another desk's", async () => {
  expect(await desk.ok(gateway(""))).toBe("401");
  const input = `header = "Authorization: Bearer ${closed.gatewayToken}"\n`;
  expect(await desk.ok(gateway("other"), { input })).toBe("401");
});

const models = "http://127.0.0.1:18900/llm/v1/models";

test("the broker refuses a caller without its token, and one with another desk's", async () => {
  const status = "curl -s -o /dev/null -w '%{http_code}'";
  expect(await desk.ok(`${status} ${models}`)).toBe("401");
  const others = await closed.ok("cat /run/desk/secrets/broker-token");
  const input = `header = "x-api-key: ${others}"\n`;
  expect(await desk.ok(`${status} -K - ${models}`, { input })).toBe("401");
  const own = await desk.ok("cat /run/desk/secrets/broker-token");
  const right = `header = "x-api-key: ${own}"\n`;
  expect(await desk.ok(`${status} -K - ${models}`, { input: right })).toBe("200");
  expect(
    await desk.ok(`${status} -K - ${models.replace("models", "files")}`, { input: right }),
  ).toBe("404");
});

test("the broker answers root and agent, and no other uid; the key check answers root alone", async () => {
  const reach = (user: string, port: number) =>
    desk.sh(`curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:${port}/healthz`, { user });
  expect((await reach("agent", 18900)).stdout).toBe("200");
  expect((await reach("root", 18900)).stdout).toBe("200");
  for (const [user, port] of [
    ["nobody", 18900],
    ["desk", 18900],
    ["desk-install", 18900],
    ["agent", 18901],
    ["desk", 18901],
  ] as const) {
    expect(await reach(user, port), `${user} ${port}`).toMatchObject({ code: 7, stdout: "000" });
  }
});

test("with rootLogin the owner's key opens root, by key alone", async () => {
  const publicKeys = [readFileSync(join(dir, "owner.pub"), "utf8").trim()];
  const access = { ssh: { publicKeys, allowFrom: ["127.0.0.0/8"], rootLogin: true } };
  const provider = { name: "anthropic", apiKey: world.keys.anthropic };
  const rooted = await temporaryDesk(world, { args: { provider, access } });
  await rooted.until("cloud-init", "cloud-init status | grep -q done");
  const { stdout } = await run("ssh", [
    ...["-F", "none", "-i", join(dir, "owner"), "-o", "BatchMode=yes"],
    ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
    ...[`root@${rooted.address}`, "id -u"],
  ]);
  expect(stdout.trim()).toBe("0");
  const effective = await rooted.ok("sshd -T | grep -iE '^(password|kbd|permitroot)'");
  expect(effective.split("\n").sort()).toEqual([
    "kbdinteractiveauthentication no",
    "passwordauthentication no",
    "permitrootlogin without-password",
  ]);
});

test("security upgrades come by themselves", async () => {
  const configured = await desk.ok(
    "apt-config dump | grep -E 'APT::Periodic::(Update|Unattended)'",
  );
  expect(configured).toContain('APT::Periodic::Unattended-Upgrade "1";');
  expect(await desk.ok("systemctl is-enabled apt-daily-upgrade.timer")).toBe("enabled");
});
