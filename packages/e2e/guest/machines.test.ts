import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guestImage, machineRegistry, runCommand } from "@bureau/cli";
import {
  createEmulator,
  type Emulator,
  type NspawnMachines,
  nspawnMachines,
} from "@bureau/hetzner-emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

let image: string;
let dir: string;
let cloud: Emulator;
let machines: NspawnMachines;
const problems: string[] = [];

beforeAll(async () => {
  image = await guestImage({ registry: await machineRegistry(), say: () => undefined });
  dir = mkdtempSync(join(tmpdir(), "bureau-machines-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function open(): Promise<void> {
  machines = nspawnMachines({ image, dir: join(dir, "disks"), volumeAt: "/mnt/data" });
  cloud = await createEmulator({
    machines,
    stateFile: join(dir, "cloud.json"),
    onProblem: (message) => void problems.push(message),
  });
}

beforeEach(open);
afterEach(async () => {
  cloud.reset();
  await machines.settled();
  await cloud.close();
  expect(problems.splice(0)).toEqual([]);
});

async function api(method: string, path: string, body?: object) {
  const response = await fetch(cloud.url + path, {
    method,
    headers: { authorization: `Bearer ${cloud.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return text === "" ? {} : JSON.parse(text);
}

const serverBody = { server_type: "cx23", image: "debian-13", location: "fsn1" };
const cloudConfig =
  "#cloud-config\nwrite_files:\n  - path: /etc/marker\n    content: |\n      first\n";

interface Made {
  readonly id: number;
  readonly ip: string;
}

async function server(more: object = {}): Promise<Made> {
  const made = await api("POST", "/servers", {
    ...serverBody,
    name: "alice",
    user_data: cloudConfig,
    ...more,
  });
  await machines.settled();
  return { id: made.server.id, ip: made.server.public_net.ipv4.ip };
}

async function sh(id: number, script: string): Promise<string> {
  const { stdout, stderr } = await machines.exec(id, ["sh", "-c", script]);
  return (stdout + stderr).trim();
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 60_000, interval: 100, message: what }).toBe(true);
}

const booted = (id: number) =>
  until("cloud-init", async () => (await sh(id, "cloud-init status")).includes("done"));

/** What a client sees of a TCP port: its first bytes, or the error. */
function greeting(host: string, port: number, from = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, localAddress: from });
    socket.once("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    socket.once("close", () => resolve("closed"));
  });
}

test("a created server boots with its name, its user data and its metadata service", async () => {
  const { id, ip } = await server();
  await booted(id);
  expect(await sh(id, "hostname; cat /etc/marker")).toBe("alice\nfirst");
  const metadata = "curl -s http://169.254.169.254/hetzner/v1";
  expect(await sh(id, `${metadata}/metadata/public-ipv4`)).toBe(ip);
  expect(`${await sh(id, `${metadata}/userdata`)}\n`).toBe(cloudConfig);
  expect(await sh(id, `${metadata}/nonsense -o /dev/null -w '%{http_code}'`)).toBe("404");
  const byIpv6 = "curl -s -g 'http://[fe80::a9fe:a9fe%25eth0]/hetzner/v1/metadata/hostname'";
  await until("its IPv6 address", async () => (await sh(id, byIpv6)) === "alice");
});

test("it reaches nothing else: neither this machine's loopback nor other networks", async () => {
  const { id } = await server();
  const port = new URL(cloud.url).port;
  for (const at of [`127.0.0.1:${port}`, `172.31.1.1:${port}`, "192.0.2.1:80"]) {
    expect(await sh(id, `curl -s -m 2 -o /dev/null http://${at}/v1/servers; echo $?`)).toMatch(
      /^(7|28)$/,
    );
  }
  expect(await sh(id, "getent hosts example.com; echo $?")).toBe("2");
});

test("its address takes callers that its firewall lets in, and changes with the firewall", async () => {
  const rule = { direction: "in", protocol: "tcp", port: "22", source_ips: ["127.0.0.1/32"] };
  const { firewall } = await api("POST", "/firewalls", { name: "one", rules: [rule] });
  const { id, ip } = await server({ firewalls: [{ firewall: firewall.id }] });
  await until("SSH", async () => (await greeting(ip, 22)).startsWith("SSH-2.0"));
  expect(await greeting(ip, 22, "127.0.0.2")).toBe("ECONNRESET");
  await api("POST", `/firewalls/${firewall.id}/actions/set_rules`, { rules: [] });
  expect(await greeting(ip, 22)).toBe("ECONNRESET");
  await api("POST", `/servers/${id}/actions/poweroff`);
  await machines.settled();
  expect(await greeting(ip, 22)).toBe("ECONNREFUSED");
});

test("power actions do what they say, and a server that shuts itself down is off", async () => {
  const { id } = await server();
  await booted(id);
  const status = async () => (await api("GET", `/servers/${id}`)).server.status;
  const bootId = "cat /proc/1/stat | cut -d' ' -f22";
  const first = await sh(id, bootId);
  await sh(id, "echo kept > /var/kept; echo lost > /run/lost");

  await api("POST", `/servers/${id}/actions/shutdown`);
  expect(await status()).toBe("stopping");
  await machines.settled();
  expect(await status()).toBe("off");

  await api("POST", `/servers/${id}/actions/poweron`);
  await machines.settled();
  expect(await sh(id, bootId)).not.toBe(first);
  expect(await sh(id, "cat /var/kept; ls /run/lost")).toMatch(/^kept\n.*No such file/);

  const isUp = async () => /^(running|degraded)/.test(await sh(id, "systemctl is-system-running"));
  await until("its boot", isUp);
  await sh(id, "systemctl poweroff --no-block");
  await until("its end", async () => (await status()) === "off");
  await machines.settled();
});

test("a rebuild starts from the image again, with the user data that it is given", async () => {
  const { id } = await server();
  await booted(id);
  await sh(id, "touch /var/gone");
  await api("POST", `/servers/${id}/actions/rebuild`, {
    image: "debian-13",
    user_data: cloudConfig.replace("first", "second"),
  });
  await machines.settled();
  await booted(id);
  expect(await sh(id, "cat /etc/marker; ls /var/gone")).toMatch(/^second\n.*No such file/);
});

test("a volume keeps its files from server to server, and grows", async () => {
  const { volume } = await api("POST", "/volumes", { name: "v", size: 10, location: "fsn1" });
  const first = await server();
  await api("POST", `/volumes/${volume.id}/actions/attach`, { server: first.id });
  await machines.settled();
  await booted(first.id);
  await sh(first.id, "systemctl start mnt-data.mount && echo hello > /mnt/data/file");
  expect(await sh(first.id, "findmnt -no OPTIONS /mnt/data")).toMatch(/nosuid,nodev/);
  await api("DELETE", `/servers/${first.id}`);
  await api("POST", `/volumes/${volume.id}/actions/resize`, { size: 12 });
  const second = await server({ name: "bob", volumes: [volume.id] });
  await booted(second.id);
  await sh(second.id, "systemctl start mnt-data.mount");
  expect(await sh(second.id, "cat /mnt/data/file")).toBe("hello");
  expect(Number(await sh(second.id, "df -BG --output=size /mnt/data | tail -1 | tr -dc 0-9"))).toBe(
    12,
  );

  await api("POST", `/volumes/${volume.id}/actions/detach`);
  await machines.settled();
  expect(await sh(second.id, "mountpoint /mnt/data")).toContain("not a mountpoint");
});

test("an image of a server boots with what was on its disk", async () => {
  const { id } = await server();
  await booted(id);
  await sh(id, "echo baked > /var/baked");
  await api("POST", `/servers/${id}/actions/poweroff`);
  const { image: snapshot } = await api("POST", `/servers/${id}/actions/create_image`, {});
  expect(snapshot.status).toBe("creating");
  await machines.settled();
  expect((await api("GET", `/images/${snapshot.id}`)).image.status).toBe("available");
  const { id: other } = await server({ name: "bob", image: snapshot.id });
  expect(await sh(other, "cat /var/baked")).toBe("baked");
  await api("DELETE", `/images/${snapshot.id}`);
});

test("disks survive a stop of the emulator, whose running servers boot again with it", async () => {
  const { id, ip } = await server();
  await booted(id);
  await sh(id, "echo kept > /var/kept");
  await cloud.close();
  await open();
  await machines.settled();
  expect(await sh(id, "cat /var/kept")).toBe("kept");
  expect((await api("GET", `/servers/${id}`)).server.public_net.ipv4.ip).toBe(ip);
});

test("a deleted server leaves nothing behind, nor does a closed emulator", async () => {
  const { id } = await server();
  await api("DELETE", `/servers/${id}`);
  await machines.settled();
  expect(existsSync(join(dir, "disks/servers", String(id)))).toBe(false);
  const { output } = await runCommand("ps", ["-eo", "args"], { cwd: "/", env: process.env });
  expect(output).not.toContain(dir);
  const mounts = await runCommand("cat", ["/proc/self/mounts"], { cwd: "/", env: process.env });
  expect(mounts.output).not.toContain(dir);
  expect(readdirSync(join(dir, "disks/servers"))).toEqual([]);
});
