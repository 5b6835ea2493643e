import { cpSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createDesk,
  createGuestWorld,
  type DeskOptions,
  deleteDesk,
  type GuestDesk,
  type GuestWorld,
} from "../src/guest.ts";
import { makeMemoryPlugin } from "../src/memory-plugin.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;
let plugin: string;

beforeAll(async () => {
  world = await createGuestWorld();
  plugin = await makeMemoryPlugin();
});
afterAll(() => world?.close());

/** The image has no plugin and no registry to ask; the adaptation is put where an install would. */
const withoutInstall: DeskOptions = {
  edit: (text) => text.replace("MEMORY='yes'", "MEMORY='no'"),
};

/** Gives a booted desk the plugin: an adaptation of the last one that was bundled, for tests alone. */
async function addPlugin(desk: GuestDesk): Promise<void> {
  await desk.ready();
  const folder = `${world.machines.root(desk.serverId)}/opt/desk-plugins`;
  cpSync(plugin, folder, { recursive: true, verbatimSymlinks: true });
  writeFileSync(`${folder}/.desk-version`, "2026.9.6\n");
  await desk.ok("chown -R root:root /opt/desk-plugins && chmod -R go=rX /opt/desk-plugins");
  await desk.ok("systemctl restart desk-prepare desk-broker desk-agent");
  await desk.ready();
}

const captured = (count: number) =>
  `test "$(cat /srv/desk/logs/openclaw*.log | grep -c 'auto-captured')" -ge ${count}`;

async function rows(desk: GuestDesk): Promise<number> {
  const environment = "env $(systemctl show -P Environment desk-agent)";
  const output = await desk.ok(`cd / && ${environment} openclaw ltm stats`, { user: "agent" });
  return Number(
    /(\d+)/.exec(
      output
        .split("\n")
        .filter((line) => /memor|count|total/i.test(line))
        .at(-1) ?? "",
    )?.[1],
  );
}

test.each([
  ["openai", "text-embedding-3-small", "/v1/embeddings", "anthropic"],
  ["openrouter", "openai/text-embedding-3-small", "/api/v1/embeddings", "openrouter"],
] as const)(
  "with embeddings by %s the agent remembers in another session, and after its server was replaced",
  async (provider, model, path, chat) => {
    const args = {
      provider: { name: chat, apiKey: world.keys[chat] },
      embeddings: { provider, model, apiKey: world.keys[provider] },
    };
    const name = `memory-${provider}`;
    const desk = await createDesk(world, { ...withoutInstall, args, name });
    await addPlugin(desk);
    expect((await desk.status()).memory).toEqual({ on: true });

    world.provider.forget();
    await desk.chat("Please remember that I always prefer green tea", "one");
    await desk.until("the capture", captured(1));
    expect(await desk.chat("which tea is it, green or black?", "two")).toMatch(
      /^I remember: .*prefer green tea/,
    );
    const embeddings = world.provider.requests().filter((request) => request.path === path);
    expect(embeddings.length).toBeGreaterThan(1);
    for (const request of embeddings) {
      expect(request).toMatchObject({
        provider,
        model,
        key: "accepted",
        keyHeader: "authorization",
      });
    }
    const before = await rows(desk);
    expect(before).toBeGreaterThan(0);

    await deleteDesk(world, desk);
    const next = await temporaryDesk(world, {
      ...withoutInstall,
      args,
      name,
      volumeId: desk.volumeId,
    });
    await addPlugin(next);
    expect(await rows(next)).toBe(before);
    expect(await next.chat("which tea is it, green or black?", "three")).toMatch(
      /^I remember: .*prefer green tea/,
    );
  },
);

test("a wrong key for embeddings is told by desk-status, beside a right one for the chat", async () => {
  const desk = await temporaryDesk(world, {
    ...withoutInstall,
    args: {
      provider: { name: "anthropic", apiKey: world.keys.anthropic },
      embeddings: {
        provider: "openai",
        model: "text-embedding-3-small",
        apiKey: `${world.keys.openai.slice(0, -4)}xxxx`,
      },
    },
  });
  await desk.until("the broker", "curl -fsS http://127.0.0.1:18900/healthz");
  const { provider, problems } = await desk.status();
  expect(provider.key).toBe("accepted");
  expect(problems).toContain("embeddings: refuses the key (HTTP 401)");
});

test("without embeddings memory is off, says so, and spends nothing", async () => {
  const desk = await temporaryDesk(world, {
    args: { provider: { name: "openai", apiKey: world.keys.openai } },
  });
  await desk.ready();
  world.provider.forget();
  await desk.chat("Please remember that I always prefer green tea");
  expect(await desk.chat("which tea is it, green or black?", "other")).toContain("You said:");
  expect((await desk.status()).memory).toEqual({ on: false, why: "no embeddings are configured" });
  expect(world.provider.requests().filter(({ path }) => path.includes("embeddings"))).toEqual([]);
});
