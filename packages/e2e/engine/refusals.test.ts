import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, type Stack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

interface Case {
  readonly what: string;
  readonly config?: Record<string, unknown>;
  readonly secrets?: Record<string, string>;
  readonly env?: NodeJS.ProcessEnv;
  readonly emptyPassphrase?: true;
  readonly says: readonly (string | RegExp)[];
}

const ssh = (more: object) => ({
  ssh: { publicKeys: [], allowFrom: ["198.51.100.7/32"], ...more },
});
const anthropicKey = canaryKey("anthropic");
const openaiKey = canaryKey("openai");

const cases: Case[] = [
  {
    what: "a key of another provider",
    secrets: { "bureau:apiKey": openaiKey },
    says: ["bureau:apiKey", "openai", "pulumi config set --secret bureau:apiKey"],
  },
  {
    what: "a key with blanks around it",
    secrets: { "bureau:apiKey": ` ${anthropicKey}x` },
    says: ["bureau:apiKey", /blank|white ?space|space/],
  },
  {
    what: "a placeholder key",
    secrets: { "bureau:apiKey": "sk-ant-your-key-goes-here" },
    says: ["bureau:apiKey", "placeholder"],
  },
  {
    what: "embeddings by anthropic",
    config: { "bureau:embeddings": { provider: "anthropic", model: "text-embedding-3-small" } },
    says: ["bureau:embeddings.provider", "openai", "openrouter"],
  },
  {
    what: "a hostname that is none",
    config: { "bureau:hostname": "Not_a.host-" },
    says: ["bureau:hostname", "pulumi config set bureau:hostname"],
  },
  {
    what: "a key as hostname",
    config: { "bureau:hostname": openaiKey },
    says: ["bureau:hostname", "pulumi config set bureau:hostname"],
  },
  {
    what: "an empty passphrase",
    emptyPassphrase: true,
    says: ["PULUMI_CONFIG_PASSPHRASE"],
  },
  {
    what: "an unknown location",
    config: { "bureau:location": "fsn2" },
    says: ["bureau:location", "fsn1"],
  },
  {
    what: "an unknown server type",
    config: { "bureau:serverType": "cx24" },
    says: ["bureau:serverType", /cx23|cx2\d/],
  },
  {
    what: "an image of the other architecture",
    config: { "bureau:serverType": "cax11", "bureau:location": "ash" },
    says: ["bureau:", "cax11"],
  },
  {
    what: "a network with host bits",
    config: { "bureau:access": ssh({ allowFrom: ["198.51.100.7/24"] }) },
    says: ["bureau:access.ssh.allowFrom", "198.51.100.0/24"],
  },
  {
    what: "the whole world, not written out",
    config: { "bureau:access": ssh({ allowFrom: ["0.0.0.0/1", "128.0.0.0/1"] }) },
    says: ["bureau:access.ssh.allowFrom", "0.0.0.0/0"],
  },
  {
    what: "user data that is too large",
    config: {
      "bureau:access": ssh({
        publicKeys: Array.from(
          { length: 400 },
          (_, i) =>
            `ssh-ed25519 ${Buffer.from(`key ${i} ${canaryKey("openai")}`).toString("base64")}`,
        ),
      }),
    },
    says: [/32[ ,]?768|32 KiB|access\.ssh\.publicKeys/],
  },
  {
    what: "a Hetzner token that is not 64 characters",
    env: { HCLOUD_TOKEN: "tooshort" },
    says: ["64", "pulumi config set --secret hcloud:token"],
  },
  {
    what: "delivery by ssh, which is not there yet",
    config: { "bureau:delivery": "ssh" },
    says: ["bureau:delivery", "cloud-init"],
  },
  {
    what: "a misspelt config key",
    config: { "bureau:modell": "claude-opus-5" },
    says: ["bureau:modell", "bureau:model?", "pulumi config rm bureau:modell"],
  },
  {
    what: "a key in plain text in the stack file",
    config: { "bureau:apiKey": anthropicKey },
    says: ["bureau:apiKey", "plain text", "pulumi config set --secret bureau:apiKey"],
  },
  {
    what: "several things at once",
    config: { "bureau:location": "fsn2", "bureau:hostname": "-x", "bureau:data": { sizeGb: 5 } },
    secrets: { "bureau:apiKey": openaiKey },
    says: ["bureau:location", "bureau:hostname", "bureau:data.sizeGb", "bureau:apiKey"],
  },
];

describe("bad input is refused in preview, before any request, without a part of a key", () => {
  let world: World;
  const stacks: Stack[] = [];

  beforeAll(async () => {
    world = await createWorld();
    for (const [i, { emptyPassphrase }] of cases.entries()) {
      const env = emptyPassphrase && { PULUMI_CONFIG_PASSPHRASE: "" };
      stacks.push(await createStack(world, `refused-${i}`, { ...(env && { env }) }));
    }
  });
  afterAll(() => world?.close());

  test.each(cases.map((bad, i) => ({ ...bad, i })))(
    "$what",
    async ({ i, config, secrets, env, says }) => {
      const stack = stacks[i];
      if (stack === undefined) throw new Error("no stack was made for this case");
      stack.configure({ "bureau:provider": "anthropic", ...config });
      if (config?.["bureau:apiKey"] === undefined) {
        await stack.setSecret("bureau:apiKey", anthropicKey);
      }
      for (const [key, value] of Object.entries(secrets ?? {})) await stack.setSecret(key, value);

      const { command, reads, writes } = await observe(world, stack, ["preview"], { env });
      expect(command.code, command.output).not.toBe(0);
      for (const words of says) expect(command.output).toMatch(words);
      expect({ reads, writes }).toEqual({ reads: 0, writes: [] });
      expectNoPart(command.output, [anthropicKey, openaiKey, "tooshort", "your-key-goes-here"]);
    },
  );
});

/** No eight characters in a row of a secret, beyond its public prefix. */
function expectNoPart(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const body = secret.replace(/^sk-(ant-|or-|proj-)?(api03-|v1-)?/, "");
    for (let at = 0; at + 8 <= body.length; at += 1) {
      expect(text.includes(body.slice(at, at + 8)), "a part of a key was printed").toBe(false);
    }
  }
}
