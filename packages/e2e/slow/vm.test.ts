import { whyNoImages } from "@bureau/cli";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDesk, deleteDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createVmWorld, type VmWorld } from "../src/guest-world.ts";
import { scrubbed } from "../src/scrubbed.ts";
import { cannotRun } from "./clients/judge.ts";

const reason = whyNoImages("qemu");
const skip = cannotRun("VIRTUAL MACHINES", `It ${reason}.`, () => reason === undefined);

/** For a boot and a replacement. Where emulation takes longer, what an agent takes minutes for is left out. */
const secondsInAll = 25 * 60;

/** Emulation is some twenty times slower than what the guest's limits and pauses are made for. */
const limits = `  - path: /etc/systemd/system/desk-agent.service.d/emulated.conf
    content: |
      [Service]
      TimeoutStartSec=${secondsInAll}
      TimeoutStopSec=60
`;
const forEmulation = (text: string) =>
  text.replace("write_files:\n", `write_files:\n${limits}`).replace("sleep 0.5", "sleep 5");

/** OpenClaw's own limit of 5 s for one of its parts, at which it starts again. */
const starts = `
systemctl show -P ActiveState desk-agent
systemctl show -P NRestarts desk-agent
cat /srv/desk/logs/openclaw*.log | grep -c 'heartbeat did not become ready'`;

describe.skipIf(skip)("a desk in a virtual machine", () => {
  let world: VmWorld;
  beforeAll(async () => {
    world = await createVmWorld();
  });
  afterAll(() => world?.close());

  function boot(volumeId?: number): Promise<GuestDesk> {
    const provider = { name: "anthropic", apiKey: world.keys.anthropic };
    const ssh = { publicKeys: [world.publicKey], allowFrom: ["127.0.0.1/32"], rootLogin: true };
    return createDesk(world, {
      name: "alice",
      args: { provider, access: { ssh } },
      edit: forEmulation,
      ...(volumeId === undefined ? {} : { volumeId }),
    });
  }

  /** What stands before the agent does: broker, data volume, closed metadata. */
  async function demandGuarded(desk: GuestDesk): Promise<void> {
    await desk.until("the broker", "curl -fsS http://127.0.0.1:18900/healthz");
    await desk.until("cloud-init", "cloud-init status | grep -q done");
    const report = JSON.parse(await desk.ok("cloud-init status --format json"));
    expect(report).toMatchObject({ datasource: "hetzner", errors: [], recoverable_errors: {} });
    const device = `/dev/disk/by-id/scsi-0HC_Volume_${desk.volumeId}`;
    expect(await desk.ok("findmnt -no SOURCE,FSTYPE /srv/desk")).toBe(
      `${await desk.ok(`readlink -f ${device}`)} ext4`,
    );
    expect(await desk.ok("findmnt -no OPTIONS /srv/desk")).toMatch(/nosuid,nodev/);
    const metadata = "curl -sS -g -m 30 -o /dev/null -w '%{http_code}'";
    for (const at of ["169.254.169.254", "[fe80::a9fe:a9fe%25eth0]"]) {
      const ask = `${metadata} http://${at}/hetzner/v1/userdata`;
      expect(await desk.ok(ask)).toBe("200");
      expect((await desk.sh(ask, { user: "agent" })).stdout).toBe("000");
    }
    await desk.until("the scrub", scrubbed);
    const copies = await desk.sh("grep -rl provider-key /var/lib/cloud /run/cloud-init");
    expect(copies).toMatchObject({ code: 1, stdout: "" });
  }

  test("answers, and so does its replacement, which finds the volume as it was", async ({
    skip,
  }) => {
    const start = performance.now();
    const seconds = () => Math.round((performance.now() - start) / 1000);
    const figures: string[] = [];
    const note = (what: string) => void figures.push(`${what} after ${seconds()} s`);

    /** Whether the agent answered within the time that there is. */
    async function answers(desk: GuestDesk, words: string): Promise<boolean> {
      const left = secondsInAll - seconds();
      try {
        await desk.until("the agent's readiness", "systemctl -q is-active desk-agent", left);
      } catch (error) {
        if (seconds() < secondsInAll) throw error;
        // It is slow, and nothing else is wrong with it.
        const [state, restarts, slow] = (await desk.sh(starts)).stdout.split("\n");
        expect(state).toBe("activating");
        expect(Number(restarts)).toBeLessThanOrEqual(Number(slow));
        note("NO AGENT");
        return false;
      }
      note("agent ready");
      expect(await desk.chat(words)).toContain(words);
      note("chat answered");
      expect(await desk.status()).toMatchObject({ healthy: true, problems: [] });
      return true;
    }

    let isFast = false;
    try {
      const desk = await boot();
      await demandGuarded(desk);
      note("booted and guarded");
      isFast = await answers(desk, "Good morning.");
      await desk.ok("echo kept > /srv/desk/home/kept", { user: "agent" });
      await deleteDesk(world, desk);
      note("gone");

      const next = await boot(desk.volumeId);
      await demandGuarded(next);
      note("replacement booted and guarded");
      expect(await next.ok("cat /srv/desk/home/kept", { user: "agent" })).toBe("kept");
      isFast = isFast && (await answers(next, "Good evening."));
    } finally {
      process.stderr.write(`\nVIRTUAL MACHINE: ${figures.join(", ")}.\n\n`);
    }
    skip(!isFast, `emulation is too slow here for both answers within ${secondsInAll} s`);
  }, 3_600_000);
});
