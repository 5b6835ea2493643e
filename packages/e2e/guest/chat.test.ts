import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askGateway, createDesk, deleteDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { temporaryDesk } from "./temporary.ts";

let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld();
});
afterAll(() => world?.close());

const cases = [
  { name: "anthropic", header: "x-api-key", path: "/v1/messages", model: "claude-sonnet-5" },
  { name: "openai", header: "authorization", path: "/v1/responses", model: "gpt-5.6-terra" },
  {
    name: "openrouter",
    header: "authorization",
    path: "/api/v1/chat/completions",
    model: "anthropic/claude-sonnet-5",
  },
] as const;

describe.each(cases)("a desk of $name", ({ name, header, path, model }) => {
  let desk: GuestDesk;

  beforeAll(async () => {
    const fallbackModels = name === "anthropic" ? ["claude-haiku-4-5"] : [];
    desk = await createDesk(world, {
      args: { provider: { name, apiKey: world.keys[name], model, fallbackModels } },
    });
    await desk.ready();
  });
  afterAll(() => desk && deleteDesk(world, desk));

  test("is healthy, by its own word, with cloud-init done and without errors", async () => {
    await desk.until("cloud-init", "cloud-init status | grep -q done");
    const report = JSON.parse(await desk.ok("cloud-init status --format json"));
    expect(report).toMatchObject({ status: "done", errors: [], recoverable_errors: {} });
    expect(await desk.status()).toMatchObject({
      healthy: true,
      problems: [],
      provider: { name, model, reachable: true, key: "accepted" },
    });
    expect(await desk.ok("systemctl --failed --plain --no-legend")).toBe("");
  });

  test("answers with the right key in the right header, and the chosen model", async () => {
    world.provider.forget();
    expect(await desk.chat("Good morning.")).toMatch(/^You said: .*Good morning\./s);
    const turn = world.provider.requests().find(({ text }) => text.includes("Good morning."));
    expect(turn).toMatchObject({
      ...{ provider: name, path, model, keyHeader: header, key: "accepted" },
      stream: true,
    });
  });

  test("streams the answer as it comes", async () => {
    const { stdout } = await askGateway(desk, "[slow 12]", "stream", true);
    const chunks = stdout.split("\n").filter((line) => line.includes('"content":"'));
    expect(chunks.length).toBeGreaterThan(3);
    expect(stdout).toContain("part 12");
    expect(stdout.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  test("says that its provider is not reachable while it is not, and recovers by itself", async () => {
    await world.provider.setDown(true);
    try {
      expect(await desk.status()).toMatchObject({
        healthy: false,
        problems: ["provider: is not reachable"],
        provider: { key: "unknown", reachable: false },
      });
      const answer = await desk.sh(
        "curl -sS -H \"x-api-key: $(cat /run/desk/secrets/broker-token)\" -d '{}' http://127.0.0.1:18900/llm" +
          (name === "openai" ? "/v1/responses" : path),
      );
      expect(JSON.parse(answer.stdout)).toEqual({
        type: "error",
        error: { type: "api_error", message: "desk broker: provider not reachable" },
      });
    } finally {
      await world.provider.setDown(false);
    }
    expect((await desk.status()).healthy).toBe(true);
    expect(await desk.chat("Back again.")).toContain("Back again.");
  });

  test("keeps conversations and keys out of the journal", async () => {
    await desk.chat("xylophone quartet");
    const journal = await desk.ok("journalctl --no-pager -o export");
    expect(journal).not.toContain("xylophone quartet");
    expect(journal).not.toContain(world.keys[name]);
    expect(journal).toContain("desk-agent.service");
  });
});

test("the fallback model answers while the first is overloaded", async () => {
  const desk = await temporaryDesk(world, {
    args: {
      provider: {
        name: "anthropic",
        apiKey: world.keys.anthropic,
        model: "claude-opus-5",
        fallbackModels: ["claude-haiku-4-5"],
      },
    },
  });
  await desk.ready();
  world.provider.forget();
  world.provider.behave({ provider: "anthropic", model: "claude-opus-5", status: 529 });
  try {
    expect(await desk.chat("Still there?")).toContain("Still there?");
  } finally {
    world.provider.behaveWell();
  }
  const models = world.provider
    .requests()
    .filter(({ text }) => text.includes("Still there?"))
    .map(({ model, status }) => `${model} ${status}`);
  expect(new Set(models)).toEqual(new Set(["claude-opus-5 529", "claude-haiku-4-5 200"]));
});
