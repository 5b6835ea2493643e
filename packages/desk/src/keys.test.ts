import { canaryKey } from "@bureau/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyProblem } from "./keys.ts";
import { ProviderName, providerOfKey, providers } from "./providers.ts";

const names = Object.values(ProviderName);

test.each(names)("a key of %s is good in its own slot", (name) => {
  for (let i = 0; i < 200; i += 1) expect(keyProblem(canaryKey(name), name)).toBeUndefined();
});

test.each(
  names.flatMap((slot) =>
    names.filter((other) => other !== slot).map((other) => ({ slot, other })),
  ),
)(
  "a key of $other in the slot of $slot is refused, with the provider it seems to be of",
  ({ slot, other }) => {
    const problem = keyProblem(canaryKey(other), slot);
    expect(problem?.rule).toContain(`provider "${other}"`);
    expect(problem?.remedy).toContain(`the provider to ${other}`);
  },
);

test("the longest prefix decides whose key it is", () => {
  expect(providerOfKey("sk-ant-a")?.name).toBe("anthropic");
  expect(providerOfKey("sk-or-a")?.name).toBe("openrouter");
  expect(providerOfKey("sk-antelope")?.name).toBe("openai");
  expect(providerOfKey("sk-a")?.name).toBe("openai");
  expect(providerOfKey("pk-a")).toBeUndefined();
});

describe("what is no key is refused, because it is or has", () => {
  const body = canaryKey("anthropic");
  test.each([
    ["is empty", ""],
    ["blank", " "],
    ["blank", ` ${body}`],
    ["line break", `${body}\n`],
    ["blank", `${body.slice(0, 30)}\t${body.slice(30)}`],
    ["placeholder", "sk-ant-..."],
    ["placeholder", "sk-ant-your-key-here"],
    ["placeholder", "your-key"],
    ["placeholder", "YOUR_API_KEY"],
    ["placeholder", "sk-ant-api03-example-example-example"],
    ["placeholder", "sk-ant-xxxxxxxxxxxxxxxxxxxxxxxx"],
    ["placeholder", "sk-ant-xxxx-xxxx-xxxx-xxxx-xxxx"],
    ["placeholder", "changeme"],
    ["characters that no key has", `"${body}"`],
    ["characters that no key has", `${body}$HOME`],
    ["characters that no key has", `${body};`],
    ["characters that no key has", `${body}é`],
    ["does not begin as a key of Anthropic does (sk-ant-)", body.replace("sk-ant-", "zz-")],
    ["too short", body.slice(0, 19)],
  ])("%s", (reason, key) => {
    expect(keyProblem(key, "anthropic")?.rule).toContain(reason);
  });
});

test("only keys that hold nothing but letters, digits, _ . and - pass", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const key = `sk-ant-${text}`;
      if (keyProblem(key, "anthropic") === undefined) expect(key).toMatch(/^[A-Za-z0-9_.-]{20,}$/);
    }),
  );
});

test("no problem repeats a part of the key", () => {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789 $\"'";
  const letter = fc.constantFrom(...alphabet);
  fc.assert(
    fc.property(
      fc.string({ unit: letter, minLength: 6, maxLength: 60 }),
      fc.constantFrom(...names),
      fc.constantFrom("sk-ant-", "sk-or-", "sk-", ""),
      (text, slot, prefix) => {
        const problem = keyProblem(prefix + text, slot);
        const said = `${problem?.rule} ${problem?.remedy}`;
        for (let at = 0; at + 6 <= text.length; at += 1) {
          expect(said.includes(text.slice(at, at + 6))).toBe(false);
        }
      },
    ),
  );
});

test.each(names)("the table of %s is whole", (name) => {
  const provider = providers[name];
  expect(provider.name).toBe(name);
  expect(provider.keyPrefix).toMatch(/^sk-/);
  expect(new URL(provider.consoleUrl).protocol).toBe("https:");
  expect(provider.allowedPaths.every((path) => path.startsWith("/"))).toBe(true);
  expect(provider.keyCheck.path).toMatch(/^\//);
});
