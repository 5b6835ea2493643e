import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { DeskArgs } from "./args.ts";
import { DeskInputError } from "./errors.ts";
import { checkKnownArgs } from "./known-args.ts";

const apiKey = pulumi.secret(canaryKey("anthropic"));
const good: DeskArgs = { provider: { name: "anthropic", apiKey } };

function paths(args: DeskArgs): string[] {
  try {
    checkKnownArgs("alice", args, []);
    return [];
  } catch (error) {
    if (error instanceof DeskInputError) return error.issues.map(({ path }) => path.join("."));
    throw error;
  }
}

describe("plain values are judged in the constructor", () => {
  test("also where the key is an Output", () => {
    expect(paths(good)).toEqual([]);
    expect(paths({ ...good, location: "fsn2", hostname: "B" })).toEqual(["location", "hostname"]);
  });

  test("a plain key, too", () => {
    const provider = { name: "anthropic", apiKey: canaryKey("openai") } as const;
    expect(paths({ provider })).toEqual(["provider.apiKey"]);
  });
});

describe("what hangs on an Output is left for later", () => {
  test.each<[string, DeskArgs]>([
    ["the provider", { provider: { name: pulumi.output("openai" as const), apiKey } }],
    [
      "a list",
      { ...good, access: { ssh: { publicKeys: pulumi.output([]), allowFrom: ["::/0"] } } },
    ],
    [
      "an item of a list",
      {
        ...good,
        access: {
          ssh: { publicKeys: [pulumi.output("ssh-ed25519 AAAA")], allowFrom: ["203.0.113.7/32"] },
        },
      },
    ],
    ["a promise", { ...good, hostname: Promise.resolve("-x") }],
    [
      "a place of which a part is known",
      { ...good, serverType: "cax11", location: pulumi.output("ash") },
    ],
    [
      "a list of which the size matters",
      { ...good, embeddings: { provider: "openai", apiKey, model: pulumi.output("x") } },
    ],
  ])("%s", (_what, args) => expect(paths(args)).toEqual([]));
});
