import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSettings } from "@bureau/desk";
import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { configKeys, deskArgs } from "./config.ts";

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

afterEach(() => vi.unstubAllEnvs());

test("the defaults that Pulumi.yaml declares are those of Desk", () => {
  const { config } = parse(read("Pulumi.yaml")) as {
    config: Record<string, { default: unknown }>;
  };
  const declared = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, value.default]),
  );
  const provider = { name: "anthropic", apiKey: canaryKey("anthropic") };
  const { fallbackModels, ...rest } = declared;
  expect(parseSettings("desk", { ...rest, provider: { ...provider, fallbackModels } })).toEqual(
    parseSettings("desk", { provider }),
  );
});

const example = read("stacks/Pulumi.example.yaml");

test("the example stack file has values that a desk takes", () => {
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(["bureau:apiKey"]));
  const { config } = parse(example) as { config: Record<string, unknown> };
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  pulumi.runtime.setAllConfig({
    ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)])),
    "bureau:apiKey": canaryKey("anthropic"),
  });
  expect(deskArgs().hostname).toBe("example");
});

test.each(configKeys)("the example stack file explains bureau:%s", (key) => {
  expect(example).toMatch(new RegExp(`^  (# )?bureau:${key}:`, "m"));
});
