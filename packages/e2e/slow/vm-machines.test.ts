import { machineRegistry, whyNoImages } from "@bureau/cli";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type BootedServer, createVmWorld, type VmWorld } from "../src/guest-world.ts";
import { cannotRun } from "./clients/judge.ts";

const reason = whyNoImages("qemu");
const skip = cannotRun("VIRTUAL MACHINES", `It ${reason}`, () => reason === undefined);

describe.skipIf(skip)("a server that is a virtual machine", () => {
  let world: VmWorld;

  beforeAll(async () => {
    world = await createVmWorld({ prebaked: false, outbound: true });
  });
  afterAll(() => world?.close());

  async function volume(name: string): Promise<number> {
    const body = { name, size: 10, location: "fsn1" };
    const made = await world.api<{ volume: { id: number } }>("POST", "/volumes", body);
    return made.volume.id;
  }

  /** Waits until cloud-init is done with it. */
  async function server(name: string, more: object = {}): Promise<BootedServer> {
    const { server } = await world.api<{
      server: { id: number; public_net: { ipv4: { ip: string } } };
    }>("POST", "/servers", {
      ...{ name, server_type: "cx23", image: "debian-13", location: "fsn1" },
      user_data: `#cloud-config\nusers: [{ name: root, ssh_authorized_keys: ["${world.publicKey}"] }]\n`,
      ...more,
    });
    onTestFinished(async () => {
      await world.api("DELETE", `/servers/${server.id}`);
      await world.machines.settled();
    });
    await world.machines.settled();
    const made = { serverId: server.id, address: server.public_net.ipv4.ip, hostKey: undefined };
    await until("cloud-init", made, "cloud-init status --wait");
    return made;
  }

  const sh = (at: BootedServer, script: string) => world.exec(at, ["sh", "-c", script]);

  async function ok(at: BootedServer, script: string): Promise<string> {
    const { code, stdout, stderr } = await sh(at, script);
    expect(code, stdout + stderr).toBe(0);
    return stdout.trim();
  }

  async function until(what: string, at: BootedServer, script: string): Promise<void> {
    const isSo = async () => (await sh(at, script)).code;
    await expect.poll(isSo, { timeout: 300_000, interval: 1000, message: what }).toBe(0);
  }

  test("knows its cloud, its name and its addresses by the Hetzner datasource", async () => {
    const one = await server("alice");
    expect(await ok(one, "cloud-id; hostname")).toBe("hetzner\nalice");
    const report = JSON.parse(await ok(one, "cloud-init status --format json"));
    expect(report).toMatchObject({ status: "done", errors: [], recoverable_errors: {} });
    const metadata = "hetzner/v1/metadata/public-ipv4";
    expect(await ok(one, `curl -sS http://169.254.169.254/${metadata}`)).toBe(one.address);
    const byIpv6 = `curl -sS -g 'http://[fe80::a9fe:a9fe%25eth0]/${metadata}'`;
    expect(await ok(one, byIpv6)).toBe(one.address);
  });

  test("sees a volume come by its id, grow, go, and come back with its files", async () => {
    const one = await server("alice");
    const id = await volume("data");
    const device = `/dev/disk/by-id/scsi-0HC_Volume_${id}`;
    const act = async (action: string, body?: object) => {
      await world.api("POST", `/volumes/${id}/actions/${action}`, body);
      await world.machines.settled();
    };
    const size = `lsblk -dbno SIZE ${device}`;

    await act("attach", { server: one.serverId });
    await until("the device", one, `test -e ${device}`);
    // Empty: nothing has formatted it.
    expect((await sh(one, `blkid ${device}`)).code).toBe(2);
    await ok(one, `mkfs.ext4 -q ${device} && mount ${device} /mnt && echo hello > /mnt/file`);
    await act("resize", { size: 12 });
    expect(await ok(one, size)).toBe(String(12 * 2 ** 30));
    await ok(one, "umount /mnt");
    await act("detach");
    await until("its going", one, `! test -e ${device}`);
    await act("attach", { server: one.serverId });
    await until("the device", one, `test -e ${device}`);
    expect(await ok(one, `mount ${device} /mnt && cat /mnt/file`)).toBe("hello");
  });

  test("reboots with its volume, is imaged while it runs, shuts down, and its image boots", async () => {
    const id = await volume("more-data");
    const one = await server("alice", { volumes: [id] });
    const { serverId } = one;
    const bootId = "cat /proc/sys/kernel/random/boot_id";
    const first = await ok(one, `echo kept > /root/kept; sync; ${bootId}`);
    await sh(one, "systemctl reboot");
    await until("its second boot", one, `test "$(${bootId})" != ${first}`);
    expect(await ok(one, `cat /root/kept; ls /dev/disk/by-id | grep -c Volume_${id}`)).toBe(
      "kept\n1",
    );

    const made = await world.api<{ image: { id: number } }>(
      ...(["POST", `/servers/${serverId}/actions/create_image`, {}] as const),
    );
    await world.machines.settled();
    await world.api("POST", `/servers/${serverId}/actions/shutdown`);
    await world.machines.settled();
    expect(world.machines.console(serverId)).toContain("reboot: Power down");
    const { server: off } = await world.api<{ server: object }>("GET", `/servers/${serverId}`);
    expect(off).toMatchObject({ status: "off" });

    const other = await server("bob", { image: made.image.id });
    expect(await ok(other, "cat /root/kept; hostname")).toBe("kept\nbob");
  });

  test("reaches registries where it may, and this machine's loopback never", async () => {
    const one = await server("alice");
    const get = "curl -sS -m 20 -o /dev/null -w '%{http_code}'";
    expect(await ok(one, `${get} ${await machineRegistry()}`)).toBe("200");
    const { port } = new URL(world.cloud.url);
    for (const at of ["10.0.2.2", "172.31.1.1", "127.0.0.1"])
      expect([7, 28]).toContain((await sh(one, `${get} http://${at}:${port}/v1/servers`)).code);
  });
});
