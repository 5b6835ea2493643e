import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { DeskArgs } from "./args.ts";
import { Desk } from "./desk.ts";
import { DeskInputError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import {
  holdsSecret,
  type MockEngine,
  plainTexts,
  startMockEngine,
} from "./testing/mock-engine.ts";

const key = canaryKey("anthropic");
const embeddingsKey = canaryKey("openai");
const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f a@b";
const whole: DeskArgs = {
  provider: { name: "anthropic", apiKey: key, model: "claude-opus-5" },
  embeddings: { provider: "openai", apiKey: embeddingsKey, model: "text-embedding-3-small" },
  access: { ssh: { publicKeys: [publicKey], allowFrom: ["203.0.113.7/32"] } },
  labels: { owner: "alice" },
};

let engine: MockEngine;
beforeAll(async () => {
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "of a test");
  vi.stubEnv("HCLOUD_TOKEN", "t".repeat(64));
  engine = await startMockEngine();
});
afterAll(() => vi.unstubAllEnvs());
beforeEach(() => engine.reset());

async function make(args: DeskArgs, name = "alice"): Promise<Desk> {
  const desk = new Desk(name, args);
  await pulumi.runtime.disconnect();
  return desk;
}

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** What the engine shows of a value, envelopes opened. */
function opened(value: unknown): unknown {
  return pulumi.runtime.unwrapRpcSecret(value);
}

describe("a desk", () => {
  test("is made of these resources, whose names are a contract", async () => {
    await make(whole);
    expect(engine.resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "bureau:index:Desk alice",
      "cloudinit:index/config:Config alice-user-data",
      "hcloud:index/firewall:Firewall alice-firewall",
      "hcloud:index/primaryIp:PrimaryIp alice-ipv4",
      "hcloud:index/primaryIp:PrimaryIp alice-ipv6",
      "hcloud:index/server:Server alice-server",
      "hcloud:index/volume:Volume alice-data",
      "hcloud:index/volumeAttachment:VolumeAttachment alice-attachment",
      "random:index/randomPassword:RandomPassword alice-gateway-token",
      "random:index/randomPassword:RandomPassword alice-ssh-host-key",
    ]);
  });

  test("is the parent of all of them", async () => {
    await make(whole);
    const children = engine.resources.filter(({ name }) => name !== "alice");
    expect(new Set(children.map(({ parent }) => parent.split("::").slice(-2).join(" ")))).toEqual(
      new Set(["bureau:index:Desk alice"]),
    );
  });

  test("names its resources in the cloud after the hostname and labels them", async () => {
    await make({ ...whole, hostname: "bob" });
    const named = engine.resources.filter(({ type }) => /^hcloud:.*(?<!Attachment)$/.test(type));
    expect(named.map(({ inputs }) => inputs.name).sort()).toEqual([
      "bob",
      "bob-data",
      "bob-firewall",
      "bob-ipv4",
      "bob-ipv6",
    ]);
    for (const { inputs } of named) {
      expect(inputs.labels).toEqual({
        owner: "alice",
        "bureau-desk": "bob",
        "bureau-stack": "office",
      });
    }
  });

  test("wires addresses, firewall, user data and volume to its server", async () => {
    await make(whole);
    const server = engine.resource("alice-server").inputs;
    expect(server).toMatchObject({
      serverType: "cx23",
      location: "fsn1",
      image: "debian-13",
      firewallIds: [1014],
      publicNets: [{ ipv4: 1010, ipv6: 1010, ipv4Enabled: true, ipv6Enabled: true }],
      shutdownBeforeDeletion: true,
      keepDisk: true,
    });
    expect(opened(server.userData)).toContain("rendered:");
    expect(engine.resource("alice-attachment").inputs).toEqual({
      volumeId: 1010,
      serverId: 1012,
      automount: false,
    });
    expect(engine.resource("alice-data").inputs).toMatchObject({ size: 20, location: "fsn1" });
    expect(engine.resource("alice-firewall").inputs.rules).toMatchObject([
      { protocol: "icmp" },
      { protocol: "tcp", port: "22", sourceIps: ["203.0.113.7/32"] },
    ]);
  });

  test("deletes what holds a name before it makes it anew, and never pulls the disk", async () => {
    await make(whole);
    const first = engine.resources.filter((resource) => resource.deleteBeforeReplace);
    expect(first.map(({ name }) => name).sort()).toEqual([
      "alice-attachment",
      "alice-data",
      "alice-firewall",
      "alice-ipv4",
      "alice-ipv6",
      "alice-server",
    ]);
    const kept = engine.resources.filter(({ retainOnDelete }) => retainOnDelete);
    expect(kept.map(({ name }) => name)).toEqual(["alice-attachment"]);
  });

  test.each([
    [undefined, ["alice-data", "alice-ipv4", "alice-ipv6"]],
    [{ protect: true }, ["alice-data", "alice-ipv4", "alice-ipv6"]],
    [{ protect: false }, []],
  ])("with data %j protects %j", async (data, names) => {
    await make({ ...whole, data });
    const protectedOnes = engine.resources.filter(({ protect }) => protect);
    expect(protectedOnes.map(({ name }) => name).sort()).toEqual(names);
  });

  test("takes over the volume that volumeId names, as it is", async () => {
    await make({ ...whole, data: { volumeId: 4711 } });
    expect(engine.resource("alice-data")).toMatchObject({
      importId: "4711",
      ignoreChanges: expect.arrayContaining(["name", "size", "labels"]),
      protect: true,
    });
  });

  test("has these outputs", async () => {
    const desk = await make(whole);
    expect(await settled(desk.ipv4Address)).toBe("203.0.113.10");
    expect(await settled(desk.ipv6Address)).toBe("2001:db8:1:2::1");
    expect(await settled(desk.provider)).toBe("anthropic");
    expect(await settled(desk.model)).toBe("claude-opus-5");
    expect(await settled(desk.fingerprint)).toBe(fingerprint(key));
    expect(await settled(desk.sshHostKey)).toMatch(/^ssh-ed25519 /);
    expect(Object.keys(engine.outputs.get("alice") ?? {}).sort()).toEqual([
      "fingerprint",
      "ipv4Address",
      "ipv6Address",
      "model",
      "provider",
      "sshHostKey",
    ]);
  });
});

describe("secrets", () => {
  test("are nowhere outside an envelope, in names, labels, inputs and outputs", async () => {
    const desk = await make(whole);
    const token = await settled(desk.gatewayToken);
    const texts = [
      ...engine.resources.flatMap(({ name, inputs }) => [name, ...plainTexts(inputs)]),
      ...plainTexts([...engine.outputs.values()]),
    ];
    expect(texts).toContain("claude-opus-5");
    for (const secret of [key, embeddingsKey, token]) {
      for (const form of [secret, Buffer.from(secret).toString("base64")]) {
        expect(texts.some((text) => text.includes(form))).toBe(false);
      }
    }
    expect(texts.some((text) => text.includes("PRIVATE KEY"))).toBe(false);
  });

  test("are the leaves only: provider and model stay readable, with the fingerprint", async () => {
    await make(whole);
    const { provider, embeddings, guestVersion } = engine.resource("alice").inputs;
    expect(provider).toMatchObject({
      name: "anthropic",
      model: "claude-opus-5",
      fingerprint: fingerprint(key),
    });
    expect(embeddings).toMatchObject({
      provider: "openai",
      model: "text-embedding-3-small",
      fingerprint: fingerprint(embeddingsKey),
    });
    expect(guestVersion).toBe("2");
    expect(holdsSecret(engine.resource("alice").inputs)).toBe(true);
  });

  test("stay marked where they come out", async () => {
    const desk = await make(whole);
    expect(await pulumi.isSecret(desk.gatewayToken)).toBe(true);
    expect(await pulumi.isSecret(desk.fingerprint)).toBe(false);
    expect(await pulumi.isSecret(desk.sshHostKey)).toBe(false);
  });

  test("have two locks in the user data: the config's own and the server's", async () => {
    await make(whole);
    expect(engine.resource("alice-user-data")).toMatchObject({
      additionalSecretOutputs: ["rendered"],
      version: "1.6.1",
    });
    expect(holdsSecret(engine.resource("alice-user-data").inputs.parts)).toBe(true);
    expect(holdsSecret(engine.resource("alice-server").inputs.userData)).toBe(true);
  });
});

describe("bad input", () => {
  const refusal = (args: DeskArgs) => {
    try {
      new Desk("alice", args);
    } catch (error) {
      if (error instanceof DeskInputError) return error.issues.map(({ path }) => path.join("."));
      throw error;
    }
    return [];
  };

  test("is refused by the constructor, before anything is registered", () => {
    expect(refusal({ ...whole, location: "fsn2", serverType: "cx24" })).toEqual([
      "location",
      "serverType",
    ]);
    expect(engine.resources).toEqual([]);
  });

  test("of the environment is refused with it", () => {
    vi.stubEnv("HCLOUD_TOKEN", "short");
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    try {
      expect(refusal({ ...whole, location: "fsn2" })).toEqual([
        "hcloud:token",
        "PULUMI_CONFIG_PASSPHRASE",
        "location",
      ]);
    } finally {
      vi.stubEnv("HCLOUD_TOKEN", "t".repeat(64));
      vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "of a test");
    }
  });
});
