import { canaryKey } from "@bureau/testkit";
import { describe, expect, test } from "vitest";
import { type Asker, collectAnswers } from "./answers.ts";

const asker = (
  answers: { provider?: string; apiKey?: string; model?: string },
  asked: string[] = [],
): Asker => {
  const answer = (question: keyof typeof answers) => async () => {
    asked.push(question);
    return answers[question] ?? "";
  };
  return { provider: answer("provider"), apiKey: answer("apiKey"), model: answer("model") };
};

describe("a first run", () => {
  test("makes a demo key for anthropic where nobody can be asked", async () => {
    const answers = await collectAnswers({}, {}, undefined, undefined);
    expect(answers).toMatchObject({ provider: "anthropic", demoKey: true });
    expect(answers.apiKey).toMatch(/^sk-ant-[A-Za-z0-9_-]{20,}$/);
  });

  test("makes another demo key each time", async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => collectAnswers({}, {}, undefined, undefined)),
    );
    expect(one?.apiKey).not.toBe(two?.apiKey);
  });

  test("takes provider, key and model from BUREAU_*", async () => {
    const apiKey = canaryKey("openai");
    const env = { BUREAU_PROVIDER: "openai", BUREAU_API_KEY: apiKey, BUREAU_MODEL: "gpt-x" };
    expect(await collectAnswers({}, env, undefined, undefined)).toEqual({
      provider: "openai",
      apiKey,
      model: "gpt-x",
      demoKey: false,
    });
  });

  test("asks at a terminal for what was not given", async () => {
    const asked: string[] = [];
    const apiKey = canaryKey("openrouter");
    const ask = asker({ apiKey, model: "vendor/model" }, asked);
    expect(await collectAnswers({ provider: "openrouter" }, {}, undefined, ask)).toEqual({
      provider: "openrouter",
      apiKey,
      model: "vendor/model",
      demoKey: false,
    });
    expect(asked).toEqual(["apiKey", "model"]);
  });

  test("takes an empty answer for the key as a wish for a demo key", async () => {
    const answers = await collectAnswers(
      {},
      {},
      undefined,
      asker({ provider: "openai", model: "gpt-x" }),
    );
    expect(answers).toMatchObject({ provider: "openai", demoKey: true });
  });
});

describe("a later run", () => {
  const present = { provider: "anthropic", demoKey: false };

  test("asks nothing and changes nothing of its own accord", async () => {
    const asked: string[] = [];
    const answers = await collectAnswers({}, {}, present, asker({}, asked));
    expect(asked).toEqual([]);
    expect(answers.provider ?? answers.apiKey ?? answers.model).toBeUndefined();
  });

  test("lets a flag win over BUREAU_MODEL", async () => {
    const answers = await collectAnswers(
      { model: "flag" },
      { BUREAU_MODEL: "env" },
      present,
      undefined,
    );
    expect(answers.model).toBe("flag");
  });

  test("drops the old model with the old provider", async () => {
    const env = { BUREAU_PROVIDER: "openai", BUREAU_API_KEY: canaryKey("openai") };
    expect(await collectAnswers({}, env, present, undefined)).toMatchObject({
      provider: "openai",
      model: null,
    });
  });

  test("refuses another provider without a key for it", async () => {
    await expect(collectAnswers({ provider: "openai" }, {}, present, undefined)).rejects.toThrow(
      "the stored key is for anthropic. Set BUREAU_API_KEY to a key of openai as well.",
    );
  });

  test("makes a new demo key when a demo desk moves to another provider", async () => {
    const demo = { provider: "anthropic", demoKey: true };
    expect(await collectAnswers({ provider: "openrouter" }, {}, demo, undefined)).toMatchObject({
      apiKey: expect.stringMatching(/^sk-or-/),
      demoKey: true,
    });
  });
});
