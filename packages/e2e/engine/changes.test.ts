import { generateKeyPairSync } from "node:crypto";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

// The table of README "What a change does", row by row, against the real engine and the request log.

const replaced = ["+- desk-attachment", "+- desk-server", "+- desk-user-data"];
const cleanReplacement = [
  "POST /servers/ID/actions/shutdown",
  "DELETE /servers/ID",
  "POST /servers",
  "POST /volumes/ID/actions/attach",
];

interface Row {
  readonly change: string;
  readonly config?: Record<string, unknown>;
  readonly secrets?: Record<string, () => string>;
  readonly steps: readonly string[];
  readonly writes: readonly string[];
}

const sshKey = () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from("ssh-ed25519")), part(raw)]).toString("base64")}`;
};
const ssh = { publicKeys: [sshKey()], allowFrom: ["198.51.100.7/32"] };

const replacing: Row[] = [
  {
    change: "API key",
    secrets: { "bureau:apiKey": () => canaryKey("anthropic") },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "model",
    config: { "bureau:model": "claude-opus-5" },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "fallback models",
    config: { "bureau:fallbackModels": ["claude-haiku-4-5"] },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "embeddings",
    config: { "bureau:embeddings": { provider: "openai", model: "text-embedding-3-small" } },
    secrets: { "bureau:embeddings.apiKey": () => canaryKey("openai") },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "provider and its key",
    config: {
      "bureau:provider": "openai",
      "bureau:model": undefined,
      "bureau:fallbackModels": undefined,
    },
    secrets: { "bureau:apiKey": () => canaryKey("openai") },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "packages of the agent",
    config: { "bureau:agent": { packages: ["git"] } },
    steps: replaced,
    writes: cleanReplacement,
  },
  {
    change: "gateway token",
    config: { "bureau:rotation": { gatewayToken: 1 } },
    steps: [...replaced, "+- desk-gateway-token"].sort(),
    writes: cleanReplacement,
  },
  {
    change: "SSH host key",
    config: { "bureau:rotation": { gatewayToken: 1, sshHostKey: 1 } },
    steps: [...replaced, "+- desk-ssh-host-key"].sort(),
    writes: cleanReplacement,
  },
  {
    change: "image",
    config: { "bureau:image": "debian-12" },
    steps: ["+- desk-attachment", "+- desk-server"],
    writes: cleanReplacement,
  },
];

const inPlace: Row[] = [
  {
    change: "SSH access",
    config: { "bureau:access": { ssh } },
    steps: [...replaced, "~ desk-firewall"].sort(),
    writes: ["POST /firewalls/ID/actions/set_rules", ...cleanReplacement],
  },
  {
    change: "firewall sources",
    config: { "bureau:access": { ssh: { ...ssh, allowFrom: ["198.51.100.0/24"] } } },
    steps: ["~ desk-firewall"],
    writes: ["POST /firewalls/ID/actions/set_rules"],
  },
  {
    change: "server type",
    config: { "bureau:serverType": "cx33" },
    steps: ["~ desk-server"],
    writes: ["POST /servers/ID/actions/poweroff", "POST /servers/ID/actions/change_type"],
  },
  {
    change: "labels",
    config: { "bureau:labels": { team: "research" } },
    steps: ["~ desk-data", "~ desk-firewall", "~ desk-ipv4", "~ desk-ipv6", "~ desk-server"],
    writes: [
      "PUT /firewalls/ID",
      "PUT /primary_ips/ID",
      "PUT /primary_ips/ID",
      "PUT /servers/ID",
      "PUT /volumes/ID",
    ],
  },
  {
    change: "data size up",
    config: { "bureau:data": { sizeGb: 30 } },
    steps: ["~ desk-data"],
    writes: ["POST /volumes/ID/actions/resize"],
  },
  {
    change: "server type of the other architecture",
    config: { "bureau:serverType": "cax21" },
    steps: ["+- desk-attachment", "+- desk-server"],
    writes: cleanReplacement,
  },
  {
    change: "hostname",
    config: { "bureau:hostname": "bob-2" },
    steps: [...replaced, "~ desk-data", "~ desk-firewall", "~ desk-ipv4", "~ desk-ipv6"].sort(),
    writes: [],
  },
  { change: "nothing", steps: [], writes: [] },
];

for (const [group, rows, name] of [
  ["changes that replace the server", replacing, "carol"],
  ["changes in place and the rest", inPlace, "bob"],
] as const) {
  describe(group, () => {
    let world: World;
    let stack: Stack;

    beforeAll(async () => {
      world = await createWorld();
      stack = await createStack(world, name, {
        config: { "bureau:provider": "anthropic", "bureau:data": { sizeGb: 20 } },
        secrets: { "bureau:apiKey": canaryKey("anthropic") },
      });
      await stack.ok(["up", "--yes", "--skip-preview"]);
    });

    afterAll(() => world?.close());

    test.each(rows)("$change", async ({ config, secrets, steps, writes }) => {
      const before = world.cloud.snapshot();
      stack.configure(config ?? {});
      for (const [key, value] of Object.entries(secrets ?? {})) await stack.setSecret(key, value());

      const outcome = await observe(world, stack);
      expect(outcome.command.code, outcome.command.output).toBe(0);
      // The desk itself is always among them: its recorded inputs are what a reviewer reads.
      expect(outcome.steps).toEqual(steps.length === 0 ? [] : [...steps, "~ desk"].sort());
      if (writes.length > 0) expect([...outcome.writes].sort()).toEqual([...writes].sort());

      const after = world.cloud.snapshot();
      expect(after.volumes.map(({ id }) => id)).toEqual(before.volumes.map(({ id }) => id));
      expect(after.primaryIps.map(({ ip }) => ip)).toEqual(before.primaryIps.map(({ ip }) => ip));
      expect(after.volumes[0]?.server).toBe(after.servers[0]?.id);
    });
  });
}
