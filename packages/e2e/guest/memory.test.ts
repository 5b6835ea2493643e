import { afterAll, beforeAll, expect, test } from "vitest";
import { createDesk, deleteDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { captured } from "./captured.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld({ memory: true });
});
afterAll(() => world?.close());

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
    const desk = await createDesk(world, { args, name });
    await desk.ready();
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
    const next = await temporaryDesk(world, { args, name, volumeId: desk.volumeId });
    await next.ready();
    expect(await rows(next)).toBe(before);
    expect(await next.chat("which tea is it, green or black?", "three")).toMatch(
      /^I remember: .*prefer green tea/,
    );
  },
);

test("a wrong key for embeddings is told by desk-status, beside a right one for the chat", async () => {
  const desk = await temporaryDesk(world, {
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
