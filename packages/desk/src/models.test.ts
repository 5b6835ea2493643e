import { expect, test } from "vitest";
import { embeddingModels, models, nativeDimensions, unknownModelWarning } from "./models.ts";
import { ProviderName, providers } from "./providers.ts";

test.each(Object.values(ProviderName))("the catalogue of %s has its default model", (name) => {
  const ids = models(name).map(({ id }) => id);
  expect(ids).toContain(providers[name].defaultModel);
  expect(new Set(ids).size).toBe(ids.length);
  expect(unknownModelWarning(name, providers[name].defaultModel)).toBeUndefined();
});

test("OpenRouter's holds more than two hundred, all as vendor/model", () => {
  const ids = models("openrouter").map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(200);
  expect(ids.filter((id) => !id.includes("/"))).toEqual([]);
});

test("an unknown id is a warning with the nearest ones", () => {
  const warning = unknownModelWarning("anthropic", "claude-opus-55");
  expect(warning).toContain('model "claude-opus-55" is not among the models of anthropic');
  expect(warning).toMatch(/claude-opus-\d/);
});

test("dimensions are known of the listed embedding models and of no other", () => {
  for (const provider of ["openai", "openrouter"] as const) {
    for (const model of embeddingModels(provider)) {
      expect(nativeDimensions(provider, model)).toBeGreaterThan(0);
    }
    expect(nativeDimensions(provider, "toString")).toBeUndefined();
  }
  expect(nativeDimensions("openai", "text-embedding-3-large")).toBe(3072);
});
