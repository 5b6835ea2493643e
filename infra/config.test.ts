import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deskArgs, inConfigTerms } from "./config.ts";

const apiKey = canaryKey("anthropic");

beforeEach(() => {
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(["bureau:apiKey"]));
});
afterEach(() => vi.unstubAllEnvs());

function configured(config: Record<string, unknown>): void {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries({ provider: "anthropic", apiKey, hostname: "alice", ...config })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [`bureau:${key}`, text(value)]),
    ),
  );
}

/** The problems that the config is refused for, a line each. */
function refusal(config: Record<string, unknown>): string[] {
  configured(config);
  try {
    deskArgs();
  } catch (error) {
    if (error instanceof pulumi.RunError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("config becomes the args of a desk", () => {
  test("with the provider's settings in their group", () => {
    configured({
      model: "claude-opus-5",
      fallbackModels: ["claude-haiku-4-5"],
      data: { sizeGb: 40 },
    });
    expect(deskArgs()).toEqual({
      hostname: "alice",
      provider: {
        name: "anthropic",
        apiKey,
        model: "claude-opus-5",
        fallbackModels: ["claude-haiku-4-5"],
      },
      data: { sizeGb: 40 },
    });
  });
});

describe("a refusal names the config key and the command that sets it", () => {
  test("for what is missing", () => {
    const lines = refusal({ provider: undefined, apiKey: undefined });
    expect(lines.join("\n")).toContain('desk "alice": bureau:provider:');
    expect(lines.join("\n")).toContain("pulumi config set bureau:provider VALUE");
    expect(lines.join("\n")).toContain("pulumi config set --secret bureau:apiKey");
  });

  test("for a misspelt key, with the one that was meant", () => {
    expect(refusal({ modell: "x" })).toEqual([
      'desk "alice": bureau:modell: is not a setting of a desk. Did you mean bureau:model? ' +
        "Remove it with: pulumi config rm bureau:modell",
    ]);
  });

  test("for a key in plain text", () => {
    vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", "[]");
    const lines = refusal({});
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("bureau:apiKey: is in plain text in the stack file.");
    expect(lines[0]).not.toContain(apiKey.slice(-8));
  });

  test("all at once", () => {
    const lines = refusal({ hostname: "-bad-", location: "nowhere", data: { sizeGb: 1 } });
    expect(lines.length).toBeGreaterThanOrEqual(3);
  });
});

test.each([
  [["provider", "name"], "bureau:provider", "pulumi config set bureau:provider VALUE"],
  [["provider", "apiKey"], "bureau:apiKey", "pulumi config set --secret bureau:apiKey"],
  [
    ["provider", "fallbackModels", 1],
    "bureau:fallbackModels[1]",
    "pulumi config set --path 'bureau:fallbackModels[1]' VALUE",
  ],
  [
    ["embeddings", "apiKey"],
    "bureau:embeddings.apiKey",
    "pulumi config set --path --secret 'bureau:embeddings.apiKey'",
  ],
  [["data", "sizeGb"], "bureau:data.sizeGb", "pulumi config set --path 'bureau:data.sizeGb' VALUE"],
])("the path %j is told as %s", (path, key, command) => {
  expect(inConfigTerms({ path, rule: "is wrong", remedy: "Mend it." })).toBe(
    `${key}: is wrong. Mend it. Set it with: ${command}`,
  );
});
