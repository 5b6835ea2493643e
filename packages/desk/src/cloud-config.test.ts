import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderUserData } from "./cloud-config.ts";
import { guestVersion } from "./defaults.ts";
import { parseSettings } from "./settings.ts";
import { exampleInput, exampleNames } from "./testing/example-settings.ts";

interface File {
  readonly path: string;
  readonly content: string;
  readonly permissions?: string;
  readonly owner?: string;
  readonly encoding?: string;
}

/** Reads it as cloud-init does, in YAML 1.1. */
function read(text: string) {
  const document: {
    users: { name: string; uid?: unknown; ssh_authorized_keys?: string[] }[];
    write_files: File[];
    disable_root: unknown;
  } = parse(text, { version: "1.1" });
  const file = (path: string) => document.write_files.find((entry) => entry.path === path);
  const secret = (name: string) =>
    Buffer.from(file(`/etc/desk/secrets/${name}`)?.content ?? "", "base64").toString();
  return { document, file, secret };
}

describe("the user data of every kind of desk is the golden document, byte for byte", () => {
  test.each(exampleNames)("%s", async (name) => {
    const golden = fileURLToPath(new URL(`../golden/${name}.yaml`, import.meta.url));
    await expect(renderUserData(exampleInput(name))).toMatchFileSnapshot(golden);
  });
});

describe("secrets", () => {
  test.each(exampleNames)(
    "of %s are files of their own, of root alone, and nowhere else",
    (name) => {
      const input = exampleInput(name);
      const text = renderUserData(input);
      const { document, secret } = read(text);
      const files = document.write_files.filter(({ path }) =>
        path.startsWith("/etc/desk/secrets/"),
      );
      for (const file of files) {
        expect(file).toMatchObject({ permissions: "0600", owner: "root:root", encoding: "b64" });
      }
      expect(secret("provider-key")).toBe(input.settings.provider.apiKey);
      expect(secret("embeddings-key")).toBe(input.settings.embeddings?.apiKey ?? "");
      expect(secret("gateway-token")).toBe(input.gatewayToken);
      for (const value of [input.settings.provider.apiKey, input.gatewayToken]) {
        expect(text).not.toContain(value);
        expect(text.split(Buffer.from(value).toString("base64"))).toHaveLength(
          input.settings.embeddings?.apiKey === value ? 3 : 2,
        );
      }
    },
  );

  test("of any letters arrive as they were", () => {
    const letters = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });
    const { settings, ...rest } = exampleInput("openai-one-key-ssh");
    fc.assert(
      fc.property(letters, letters, (apiKey, gatewayToken) => {
        const provider = { ...settings.provider, apiKey };
        const { secret } = read(
          renderUserData({ ...rest, settings: { ...settings, provider }, gatewayToken }),
        );
        expect(secret("provider-key")).toBe(apiKey);
        expect(secret("gateway-token")).toBe(gatewayToken);
      }),
    );
  });
});

describe("bytes", () => {
  test("do not depend on the order in which the args were written", () => {
    const args: Record<string, unknown> = {
      provider: { name: "openai", apiKey: `sk-proj-${"a1B2".repeat(10)}`, model: "gpt-5.6-terra" },
      hostname: "alice",
      location: "nbg1",
      agent: { version: "2026.9.6", registry: "https://registry.example" },
      labels: { a: "1", b: "2" },
    };
    const { settings: _, ...rest } = exampleInput("anthropic-closed");
    const render = (value: unknown) =>
      renderUserData({ ...rest, settings: parseSettings("alice", value) });
    const shuffled = fc.shuffledSubarray(Object.keys(args), { minLength: 5 });
    fc.assert(
      fc.property(shuffled, (keys) => {
        const other = Object.fromEntries(keys.map((key) => [key, args[key]]));
        expect(render(other)).toBe(render(args));
      }),
      { numRuns: 20 },
    );
  });

  test("do not change with what is no matter of the guest", () => {
    const { settings, ...rest } = exampleInput("openai-one-key-ssh");
    const { ssh } = settings;
    if (ssh === undefined) throw new Error("this example has access");
    const other = {
      ...settings,
      labels: { a: "b" },
      serverType: "cx33",
      data: { ...settings.data, sizeGb: 100 },
      ssh: { ...ssh, allowFrom: ["::/0"] },
    };
    expect(renderUserData({ ...rest, settings: other })).toBe(
      renderUserData({ ...rest, settings }),
    );
  });
});

test("the owner's keys open a tunnel and one program, and root only where that is asked for", () => {
  const users = (name: string) =>
    Object.fromEntries(
      read(renderUserData(exampleInput(name))).document.users.map((user) => [user.name, user]),
    );
  expect(Object.keys(users("anthropic-closed"))).toEqual(["agent", "desk-broker", "desk-install"]);
  expect(users("anthropic-closed").agent?.uid).toBe(2000);
  expect(Object.keys(users("openai-one-key-ssh"))).toEqual([
    "agent",
    "desk-broker",
    "desk-install",
    "desk",
  ]);
  expect(users("openai-one-key-ssh").desk?.ssh_authorized_keys?.[0]).toMatch(
    /^restrict,port-forwarding,permitopen="127\.0\.0\.1:18789",command="\/usr\/local\/lib\/desk\/desk-command" ssh-ed25519 /,
  );
  expect(users("openrouter-root-login").root?.ssh_authorized_keys?.[0]).toMatch(/^ssh-ed25519 /);
});

test("the data volume is mounted by its id, and only an empty one is formatted", () => {
  const { file } = read(renderUserData(exampleInput("anthropic-closed")));
  expect(file("/etc/fstab")?.content).toMatch(
    /^\/dev\/disk\/by-id\/scsi-0HC_Volume_4711 \/srv\/desk ext4 \S*nosuid,nodev,x-systemd\.makefs\S* 0 2\n$/,
  );
});

test("the settings file is JSON without a key", () => {
  const { file } = read(renderUserData(exampleInput("anthropic-memory-by-openai")));
  const settings = JSON.parse(file("/etc/desk/settings.json")?.content ?? "");
  expect(settings).toEqual({
    guestVersion,
    hostname: "alice",
    provider: {
      name: "anthropic",
      model: "claude-opus-5",
      fallbackModels: ["claude-haiku-4-5"],
    },
    embeddings: { provider: "openai", model: "text-embedding-3-small", dimensions: 1536 },
    keyChecks: { llm: { refused: [401, 403] }, emb: { refused: [401] } },
  });
});

describe("the guest's files", () => {
  test("name each provider's host, header and paths to the broker", () => {
    const { file } = read(renderUserData(exampleInput("anthropic-memory-by-openai")));
    const route = (slot: string) => file(`/etc/desk/broker/routes/${slot}.conf`)?.content;
    expect(route("llm")).toContain("set $desk_host api.anthropic.com;");
    expect(route("llm")).toContain("proxy_set_header x-api-key $desk_llm_key;");
    expect(route("llm")).toContain('proxy_set_header Authorization "";');
    expect(route("emb")).toContain("set $desk_host api.openai.com;");
    expect(route("emb")).toContain('proxy_set_header Authorization "Bearer $desk_emb_key";');
    expect(file("/etc/desk/broker/paths/emb.conf")?.content).toContain("/v1(?:/embeddings)(?:");
  });

  test("tell OpenClaw the broker's address, the model and its fallbacks, and no key", () => {
    const { file } = read(renderUserData(exampleInput("anthropic-memory-by-openai")));
    const config = JSON.parse(file("/etc/desk/agent/openclaw.json")?.content ?? "");
    expect(config.models.providers.anthropic).toEqual({
      baseUrl: "http://127.0.0.1:18900/llm",
      api: "anthropic-messages",
      apiKey: { source: "file", provider: "broker_token", id: "value" },
    });
    expect(config.agents.defaults.model).toEqual({
      primary: "anthropic/claude-opus-5",
      fallbacks: ["anthropic/claude-haiku-4-5"],
    });
    const memory = JSON.parse(file("/etc/desk/agent/memory.json")?.content ?? "");
    expect(memory.models.providers.embeddings.baseUrl).toBe("http://127.0.0.1:18900/emb/v1");
    expect(memory.plugins.entries["memory-lancedb"].config.dbPath).toBe(
      "/srv/desk/lancedb/text-embedding-3-small-1536",
    );
  });

  test("leave out what a desk without access or without memory has no use for", () => {
    const { file } = read(renderUserData(exampleInput("anthropic-closed")));
    for (const path of ["/etc/sudoers.d/desk", "/etc/desk/agent/memory.json"])
      expect(file(path)).toBeUndefined();
    expect(file("/etc/desk/install.conf")?.content).toContain("MEMORY='no'");
  });

  test("install the Node build of either architecture", () => {
    const { file } = read(renderUserData(exampleInput("anthropic-closed")));
    const conf = file("/etc/desk/install.conf")?.content;
    expect(conf).toMatch(/^NODE_INTEGRITY_X64='sha512-[A-Za-z0-9+/]{86}=='$/m);
    expect(conf).toMatch(/^NODE_INTEGRITY_ARM64='sha512-[A-Za-z0-9+/]{86}=='$/m);
  });
});
