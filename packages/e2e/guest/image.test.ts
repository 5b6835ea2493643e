import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@bureau/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { scrubbed } from "../src/scrubbed.ts";

let world: GuestWorld;
let desk: GuestDesk;

beforeAll(async () => {
  world = await createGuestWorld();
  const ssh = { publicKeys: [`ssh-ed25519 ${"A".repeat(68)}`], allowFrom: ["127.0.0.0/8"] };
  desk = await createDesk(world, {
    args: {
      provider: { name: "openai", apiKey: world.keys.openai },
      embeddings: { provider: "openai", model: "text-embedding-3-small" },
      access: { ssh },
    },
    // The registry of the goldens is nobody's, so the plugin is not asked for.
    edit: (text) => text.replace("MEMORY='yes'", "MEMORY='no'"),
  });
  await desk.ready();
  await desk.until("cloud-init", "cloud-init status | grep -q done");
});
afterAll(() => world?.close());

test("systemd finds no fault in the units", async () => {
  const { code, stdout, stderr } = await desk.sh(
    "systemd-analyze verify desk-{install,prepare,firewall,broker,agent,scrub}.service desk-install.timer",
  );
  expect(stdout + stderr).not.toContain("desk-");
  expect(code).toBe(0);
});

/** Of `systemd-analyze security`: the facts' broker had 1.1; the agent's has user namespaces and `ps`. */
test.each([
  ["desk-broker", 1.5],
  ["desk-agent", 2.5],
])("%s is exposed by no more than %d", async (unit, limit) => {
  const report = await desk.ok(`systemd-analyze security --no-pager ${unit}.service | tail -1`);
  const exposure = Number(/: (\d+\.\d)/.exec(report)?.[1]);
  expect(exposure, report).toBeLessThanOrEqual(limit);
});

test("nft takes the rules, and nginx the broker's configuration", async () => {
  await desk.ok("nft -c -f /etc/desk/firewall.nft");
  await desk.ok("nginx -t -e stderr -c /etc/desk/broker/nginx.conf");
});

test("cloud-init finds no fault in the user data that it got", async () => {
  expect(await desk.ok("cloud-init schema --system 2>&1 || true")).not.toMatch(
    /Invalid|deprecated/,
  );
});

test("the metadata service's user data is gone from cloud-init's files at the next boot, too", async () => {
  await world.api("POST", `/servers/${desk.serverId}/actions/reboot`);
  await world.machines.settled();
  await desk.until("the scrub", `${scrubbed} && cloud-init status | grep -q done`);
  const copies =
    "ls /var/lib/cloud/instance/user-data.txt* /run/cloud-init/combined-cloud-config.json";
  expect((await desk.sh(`grep -l provider-key $(${copies} 2>/dev/null) /dev/null`)).stdout).toBe(
    "",
  );
});

test("the shell scripts pass shellcheck", async () => {
  const guest = fileURLToPath(new URL("../../desk/guest/", import.meta.url));
  const machines = fileURLToPath(new URL("../../hetzner-emulator/src/machines/", import.meta.url));
  const dir = mkdtempSync(join(tmpdir(), "bureau-shellcheck-"));
  writeFileSync(join(dir, "shellcheckrc"), "");
  const scripts = [
    ...["install/install", "agent/wait-ready", "broker/write-resolver", "system/enable"],
    ...["access/desk-command", "access/logs"],
  ].map((path) => join(guest, path));
  const { code, output } = await runCommand(
    "shellcheck",
    [...scripts, join(machines, "nspawn-boot.sh")],
    { cwd: dir, env: process.env },
  );
  rmSync(dir, { recursive: true });
  expect(output).toBe("");
  expect(code).toBe(0);
});
