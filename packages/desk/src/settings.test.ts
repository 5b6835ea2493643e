import { canaryKey } from "@bureau/testkit";
import { describe, expect, test } from "vitest";
import { defaultRegistry } from "./defaults.ts";
import { DeskInputError } from "./errors.ts";
import { withoutSlash } from "./registry.ts";
import { parseSettings } from "./settings.ts";

const key = canaryKey("anthropic");
const openaiKey = canaryKey("openai");
const routerKey = canaryKey("openrouter");
const good = { provider: { name: "anthropic", apiKey: key } };
const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f a@b";
const ssh = (more: object) => ({
  ssh: { publicKeys: [publicKey], allowFrom: ["203.0.113.7/32"], ...more },
});

function refused(value: unknown, name = "alice"): DeskInputError {
  try {
    parseSettings(name, value);
  } catch (error) {
    if (error instanceof DeskInputError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("a desk that leaves everything open gets the defaults", () => {
  test("all of them", () => {
    expect(parseSettings("alice", good)).toEqual({
      hostname: "alice",
      provider: {
        name: "anthropic",
        apiKey: key,
        model: "claude-sonnet-5-5",
        fallbackModels: [],
      },
      embeddings: undefined,
      serverType: "cx23",
      architecture: "x86",
      location: "fsn1",
      image: "debian-13",
      data: { sizeGb: 20, protect: true, volumeId: undefined },
      ssh: undefined,
      agent: { version: "2026.9.6", registry: withoutSlash(defaultRegistry()), packages: [] },
      rotation: { gatewayToken: 0, sshHostKey: 0 },
      labels: {},
    });
  });

  test("a registry is the same with and without a slash at its end", () => {
    const registry = "https://registry.example/npm";
    for (const written of [registry, `${registry}/`]) {
      const settings = parseSettings("alice", { ...good, agent: { registry: written } });
      expect(settings.agent.registry).toBe(registry);
    }
  });

  test("ssh on port 22 and without root", () => {
    expect(parseSettings("alice", { ...good, access: ssh({}) }).ssh).toMatchObject({
      port: 22,
      rootLogin: false,
    });
  });

  test("embeddings by the provider of the chat use its key and the model's own dimensions", () => {
    const settings = parseSettings("alice", {
      provider: { name: "openai", apiKey: openaiKey },
      embeddings: { provider: "openai", model: "text-embedding-3-large" },
    });
    expect(settings.embeddings).toEqual({
      provider: "openai",
      apiKey: openaiKey,
      model: "text-embedding-3-large",
      dimensions: 3072,
    });
  });
});

interface Case {
  readonly what: string;
  readonly args: object;
  readonly path: string;
  readonly says: readonly (string | RegExp)[];
}

const withKey = (apiKey: unknown) => ({ provider: { name: "anthropic", apiKey } });
const embeddings = (more: object) => ({
  ...good,
  embeddings: { provider: "openai", apiKey: openaiKey, model: "text-embedding-3-small", ...more },
});

const cases: Case[] = [
  { what: "an empty key", args: withKey(""), path: "provider.apiKey", says: ["empty"] },
  { what: "no key", args: withKey(undefined), path: "provider.apiKey", says: ["missing"] },
  { what: "a key that is no text", args: withKey(7), path: "provider.apiKey", says: ["string"] },
  {
    what: "a key of another provider",
    args: withKey(routerKey),
    path: "provider.apiKey",
    says: ["OpenRouter"],
  },
  {
    what: "a key with a line break",
    args: withKey(`${key}\n`),
    path: "provider.apiKey",
    says: ["blank or line break"],
  },
  {
    what: "a placeholder",
    args: withKey("sk-ant-your-key"),
    path: "provider.apiKey",
    says: ["placeholder"],
  },
  {
    what: "a key in place of its group",
    args: { provider: routerKey },
    path: "provider",
    says: ["API key", "revoke"],
  },
  {
    what: "a key in place of the provider",
    args: { provider: { name: routerKey, apiKey: key } },
    path: "provider.name",
    says: ["API key"],
  },
  {
    what: "a key in place of the model",
    args: { provider: { ...good.provider, model: key } },
    path: "provider.model",
    says: ["API key"],
  },
  {
    what: "a key among the fallback models",
    args: { provider: { ...good.provider, fallbackModels: ["claude-opus-5", openaiKey] } },
    path: "provider.fallbackModels[1]",
    says: ["API key"],
  },
  {
    what: "a key as a label's value",
    args: { ...good, labels: { owner: routerKey } },
    path: "labels.owner",
    says: ["API key"],
  },
  {
    what: "a key as a label's name",
    args: { ...good, labels: { [routerKey]: "x" } },
    path: "labels....",
    says: ["API key"],
  },
  {
    what: "a key as the hostname",
    args: { ...good, hostname: routerKey },
    path: "hostname",
    says: ["API key"],
  },
  {
    what: "a key as a setting of its own",
    args: { ...good, apiKey: key },
    path: "apiKey",
    says: ["API key"],
  },
  {
    what: "a provider that there is not",
    args: { provider: { name: "google", apiKey: key } },
    path: "provider.name",
    says: ["anthropic, openai, openrouter", '"google"'],
  },
  {
    what: "a model with a blank",
    args: { provider: { ...good.provider, model: "claude opus" } },
    path: "provider.model",
    says: ["without blanks"],
  },
  {
    what: "embeddings by anthropic",
    args: embeddings({ provider: "anthropic" }),
    path: "embeddings.provider",
    says: ["openai, openrouter", '"anthropic"'],
  },
  {
    what: "embeddings with a key of another provider",
    args: embeddings({ apiKey: key }),
    path: "embeddings.apiKey",
    says: ["Anthropic"],
  },
  {
    what: "embeddings by another provider without a key",
    args: embeddings({ apiKey: undefined }),
    path: "embeddings.apiKey",
    says: ["missing", "anthropic", "openai"],
  },
  {
    what: "an embedding model of unknown dimensions",
    args: embeddings({ model: "text-embedding-3-smal" }),
    path: "embeddings.dimensions",
    says: ["missing", "text-embedding-3-small"],
  },
  {
    what: "a hostname that is none",
    args: { ...good, hostname: "Not_a.host" },
    path: "hostname",
    says: ['"Not_a.host"', "lower-case"],
  },
  {
    what: "an unknown location",
    args: { ...good, location: "fsn2" },
    path: "location",
    says: ["The nearest is fsn1", "allowUnlisted"],
  },
  {
    what: "an unknown server type",
    args: { ...good, serverType: "cx24" },
    path: "serverType",
    says: ["The nearest is cx23", "allowUnlisted"],
  },
  {
    what: "an ARM type where there is none",
    args: { ...good, serverType: "cax11", location: "ash" },
    path: "serverType",
    says: ["ash", "ARM"],
  },
  {
    what: "an image with a slash",
    args: { ...good, image: "../debian" },
    path: "image",
    says: ["name or id of an image"],
  },
  {
    what: "a volume below the smallest",
    args: { ...good, data: { sizeGb: 9 } },
    path: "data.sizeGb",
    says: ["at least 10", "is 9"],
  },
  {
    what: "a volume above the largest",
    args: { ...good, data: { sizeGb: 10_241 } },
    path: "data.sizeGb",
    says: ["at most 10240"],
  },
  {
    what: "a size that is text",
    args: { ...good, data: { sizeGb: "20" } },
    path: "data.sizeGb",
    says: ['"20"'],
  },
  {
    what: "access without keys",
    args: { ...good, access: ssh({ publicKeys: [] }) },
    path: "access.ssh.publicKeys",
    says: ["at least 1"],
  },
  {
    what: "a public key with options",
    args: { ...good, access: ssh({ publicKeys: [`command="sh" ${publicKey}`] }) },
    path: "access.ssh.publicKeys[0]",
    says: ["without options"],
  },
  {
    what: "two public keys in one text",
    args: { ...good, access: ssh({ publicKeys: [`${publicKey}\n${publicKey}`] }) },
    path: "access.ssh.publicKeys[0]",
    says: ["one public key"],
  },
  {
    what: "a network with host bits",
    args: { ...good, access: ssh({ allowFrom: ["203.0.113.7/24"] }) },
    path: "access.ssh.allowFrom[0]",
    says: ["Write 203.0.113.0/24"],
  },
  {
    what: "the world in halves",
    args: { ...good, access: ssh({ allowFrom: ["0.0.0.0/1", "128.0.0.0/1"] }) },
    path: "access.ssh.allowFrom",
    says: ["write 0.0.0.0/0"],
  },
  {
    what: "delivery by ssh",
    args: { ...good, delivery: "ssh" },
    path: "delivery",
    says: ["not there yet"],
  },
  {
    what: "a range as the agent's version",
    args: { ...good, agent: { version: "^2026.9.6" } },
    path: "agent.version",
    says: ["exact version"],
  },
  {
    what: "a registry with a password",
    args: { ...good, agent: { registry: "https://me:hunter2@registry.example" } },
    path: "agent.registry",
    says: ["user or password"],
  },
  {
    what: "an option as a Debian package",
    args: { ...good, agent: { packages: ["git", "--allow-unauthenticated"] } },
    path: "agent.packages[1]",
    says: ["name of a Debian package"],
  },
  {
    what: "a reserved label",
    args: { ...good, labels: { "bureau-desk": "x" } },
    path: "labels.bureau-desk",
    says: ["reserved"],
  },
  {
    what: "a misspelt setting",
    args: { ...good, severType: "cx23" },
    path: "severType",
    says: ["Did you mean serverType?"],
  },
  {
    what: "a misspelt setting of a group",
    args: { ...good, data: { sizeGB: 20 } },
    path: "data.sizeGB",
    says: ["Did you mean sizeGb?"],
  },
  {
    what: "user data that is too large",
    args: {
      ...good,
      access: ssh({
        publicKeys: Array.from(
          { length: 400 },
          () => `ssh-ed25519 ${Buffer.from(canaryKey("openai")).toString("base64")}`,
        ),
      }),
    },
    path: "access.ssh.publicKeys",
    says: [/too large: \d{5} bytes/, "32768"],
  },
];

describe("bad input is refused with path, rule and remedy, and without a part of a key", () => {
  test.each(cases)("$what", ({ args, path, says }) => {
    const { message, issues } = refused(args);
    const line = message.split("\n").find((text) => text.startsWith(`desk "alice": ${path}: `));
    expect(line, message).toBeDefined();
    for (const words of says) expect(line).toMatch(words);
    for (const issue of issues) expect(issue.remedy).toMatch(/[.?]$/);
    expect(message).not.toMatch(/hunter2|undefined|NaN|\[object/);
    expectNoPart(message, [key, openaiKey, routerKey]);
  });
});

/** No eight characters in a row of a key, beyond its public prefix. */
function expectNoPart(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const body = secret.replace(/^sk-(ant-api03-|or-v1-|proj-)/, "");
    for (let at = 0; at + 8 <= body.length; at += 1) {
      expect(text.includes(body.slice(at, at + 8)), "a part of a key").toBe(false);
    }
  }
}

test("every problem is told at once, a line each", () => {
  const { message, issues } = refused({
    provider: { name: "openai", apiKey: key, model: "" },
    location: "fsn2",
    data: { sizeGb: 5 },
    access: ssh({ allowFrom: ["203.0.113.7"], port: 70_000 }),
    agnet: {},
  });
  const paths = issues.map((issue) => issue.path.join("."));
  expect(paths.sort()).toEqual([
    "access.ssh.allowFrom.0",
    "access.ssh.port",
    "agnet",
    "data.sizeGb",
    "location",
    "provider.apiKey",
    "provider.model",
  ]);
  expect(message.split("\n")).toHaveLength(7);
});

test.each([undefined, null, "text", 7, []])("%j instead of args is refused", (value) => {
  expect(refused(value).issues.length).toBeGreaterThan(0);
});

test("the desk is named by its hostname, and by its resource where the hostname is wrong", () => {
  const wrong = { ...good, location: "fsn2" };
  expect(refused({ ...wrong, hostname: "bob" }).message).toMatch(/^desk "bob": location/);
  expect(refused({ ...wrong, hostname: "B o b" }).message).not.toContain('desk "B o b"');
});

test("allowUnlisted takes names that the lists do not have", () => {
  const settings = parseSettings("alice", {
    ...good,
    serverType: "cax99",
    location: "mars1",
    allowUnlisted: true,
  });
  expect(settings).toMatchObject({ serverType: "cax99", architecture: "arm", location: "mars1" });
});
