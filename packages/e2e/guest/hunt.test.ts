import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { allowedPlaces, huntAsAgent, huntAsRoot, huntByShellTool, sha256 } from "./hunts.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld();
});
afterAll(() => world?.close());

/** A container of the agent's has a network of its own, whose packets the server forwards. */
const makeContainer = `set -e
  ip netns add box
  ip link add box0 type veth peer name eth0 netns box
  ip addr add 10.99.0.1/24 dev box0 && ip link set box0 up
  ip -n box addr add 10.99.0.2/24 dev eth0 && ip -n box link set eth0 up
  ip -n box route add default via 10.99.0.1
  echo 1 > /proc/sys/net/ipv4/ip_forward
  nft 'table ip box { chain out { type nat hook postrouting priority 100; masquerade; }; }'`;
const fromContainer =
  "ip netns exec box curl -sS -m 5 http://169.254.169.254/hetzner/v1/metadata/hostname";

describe("the key of a whole desk", () => {
  let desk: GuestDesk;

  beforeAll(async () => {
    desk = await createDesk(world);
    await desk.ready();
    await desk.until("cloud-init", "cloud-init status | grep -q done");
    await desk.chat("Good morning.");
  });

  test("is found by root in the places where it must be, and in no other", async () => {
    const { files, places } = await huntAsRoot(world, desk, world.keys.anthropic);
    expect(places).toEqual(allowedPlaces);
    expect(files).toBeGreaterThan(500);
  });

  test("is found by user agent nowhere", async () => {
    const { found, probes } = await huntAsAgent(desk);
    expect(found).toEqual([]);
    expect(probes).toEqual(
      expect.arrayContaining(["file", "link", "metadata", "process", "ptrace", "run"]),
    );
  });

  test("is found by the agent's shell tool nowhere", async () => {
    expect((await huntByShellTool(desk)).found).toEqual([]);
  });

  test("is out of reach for a container of the agent's", async () => {
    await desk.ok(makeContainer);
    expect((await desk.sh(fromContainer)).stdout).toBe("");
  });

  test("links on the data volume lead root nowhere, at a restart and at a reboot", async () => {
    const secrets = "stat -c '%n %a %U' /etc/desk/secrets /etc/desk/secrets/* /etc/shadow";
    const before = await desk.ok(secrets);
    for (const folder of ["home", "state", "cache", "logs", "lancedb"]) {
      await desk.ok(
        `cd /srv/desk/${folder} && ln -sfn /etc/desk/secrets a && ln -sf /etc/shadow b && ln -sfn /etc c`,
        { user: "agent" },
      );
    }
    await desk.ok("systemctl restart desk-prepare desk-broker desk-agent");
    expect(await desk.ok(secrets)).toBe(before);
    await world.api("POST", `/servers/${desk.serverId}/actions/reboot`);
    await world.machines.settled();
    await desk.ready();
    expect(await desk.ok(secrets)).toBe(before);
    expect((await huntAsAgent(desk)).found).toEqual([]);
  });
});

test("the agent's shell is worth having: ps, user namespaces, git", async () => {
  const desk = await temporaryDesk(world);
  await desk.ready();
  const command = "ps aux | wc -l; unshare -Ur id -u; git --version; id -un";
  const answer = await desk.chat(`[run] ${command} [/run]`, "tools");
  expect(answer).toMatch(/^tool said: [1-9]\d*\n0\ngit version [\d.]+\nagent/);
});

/** Each takes one protection away, and is then found by the hunt that is to find it. */
const weakened = [
  {
    protection: "the nft rule",
    edit: (text: string) =>
      text.replaceAll(/^ *(?:meta skuid != 0 )?ip6? daddr (?:169|fe80).* reject\n/gm, ""),
    place: /^metadata http:\/\/169\.254\.169\.254/,
  },
  {
    protection: "the broker's own uid",
    edit: (text: string) => text.replace("User=desk-broker", "User=agent"),
    place: /^file \/run\/credentials\/desk-broker\.service\/keys\.conf$/,
  },
  {
    protection: "LoadCredential",
    edit: (text: string) =>
      text
        .replaceAll(/^ *LoadCredential=.*\n/gm, "")
        .replaceAll("/run/credentials/desk-broker.service/", "/run/desk/secrets/")
        .replaceAll("0o600", "0o644")
        .replace('/secrets", mode=0o700', '/secrets", mode=0o755')
        .replaceAll("UMask=0077", "UMask=0022"),
    place: /^file \/run\/desk\/secrets\/keys\.conf$/,
  },
];

test.each(weakened)("without $protection the agent's hunt finds the key", async (weakness) => {
  const desk = await temporaryDesk(world, { edit: weakness.edit });
  await desk.until("the broker", "curl -fsS http://127.0.0.1:18900/healthz");
  await desk.until("cloud-init", "cloud-init status | grep -qE 'done|error'");
  const { found } = await huntAsAgent(desk);
  const hits = found.filter(([place]) => weakness.place.test(place));
  expect(hits.map(([, hash]) => hash)).toContain(sha256(world.keys.anthropic));
  if (weakness.protection === "the nft rule") {
    await desk.ok(makeContainer);
    expect((await desk.sh(fromContainer)).stdout).toBe(desk.settings.hostname);
  }
});

test("without the scrub root's hunt finds the key among cloud-init's files", async () => {
  const desk = await temporaryDesk(world, {
    edit: (text) => text.replace("ExecStart=/usr/local/lib/desk/scrub", "ExecStart=/bin/true"),
  });
  await desk.until("cloud-init", "cloud-init status | grep -qE 'done|error'");
  const { places } = await huntAsRoot(world, desk, world.keys.anthropic);
  expect(places.filter((place) => place.includes("cloud"))).not.toEqual([]);
});
