import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { runCommand } from "@bureau/cli";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack, type Stack } from "../src/stack.ts";
import { createWorld, type World } from "../src/world.ts";

const entry = fileURLToPath(new URL("../../cli/src/audit/main.ts", import.meta.url));
const chat = canaryKey("anthropic");
const embeddings = canaryKey("openai");
let world: World;
let stack: Stack;

beforeAll(async () => {
  world = await createWorld({ actions: "instant" });
  stack = await createStack(world, "audited", {
    config: {
      "bureau:provider": "anthropic",
      "bureau:embeddings": { provider: "openai", model: "text-embedding-3-small" },
    },
    secrets: { "bureau:apiKey": chat, "bureau:embeddings.apiKey": embeddings },
  });
  await stack.ok(["up", "--yes", "--skip-preview"]);
});
afterAll(() => world?.close());

function audit(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return runCommand(process.execPath, ["--conditions=@bureau/source", entry, ...args], {
    cwd: world.dir,
    env: {
      ...world.env,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
      HOME: process.env.HOME,
      ...env,
    },
  });
}
const audited = () => ["--stack", "audited", "-C", stack.project];

describe("npm run audit", () => {
  test("finds nothing after a real update, and says what was searched", async () => {
    const { code, stdout, output } = await audit(audited());
    expect(code, output).toBe(0);
    // Two API keys, the gateway token, the host key's secret, the user data.
    expect(Number(/(\d+) secrets/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(5);
    expect(stdout).toMatch(/searched: stack export, backend, stack file, Pulumi home\n/);
    expect(stdout).toContain("found: nothing");
    expect(stdout).toContain(`program files): ${join(world.dir, "pulumi-home/plugins")}`);
    expectNoSecret(output);
  });

  test.each([
    { form: "raw", write: (key: string) => key },
    { form: "base64 > gzip", write: (key: string) => gzipSync(key).toString("base64") },
    { form: "raw (part)", write: (key: string) => key.slice(30, 60) },
  ])("a key in the history as $form is found, and the output has no part of it", async (leak) => {
    const history = join(world.dir, "backend/.pulumi/history/bureau/audited");
    const [file = ""] = readdirSync(history).filter((name) => name.endsWith(".checkpoint.json"));
    const before = readFileSync(join(history, file), "utf8");
    writeFileSync(join(history, file), before.replace("{", `{"leak": "${leak.write(chat)}",`));
    try {
      const { code, output } = await audit(audited());
      expect(code, output).toBe(1);
      expect(output).toContain(
        `LEAK in backend: ${join(history, file)}: bureau:apiKey, ${leak.form}\n`,
      );
      expect(output).toContain("found: 1\n");
      expectNoSecret(output);
    } finally {
      writeFileSync(join(history, file), before);
    }
  });

  test("folders named by --dir are searched, and one that is not there is told", async () => {
    mkdirSync(join(world.dir, "plans"));
    writeFileSync(join(world.dir, "plans/plan.json"), JSON.stringify([embeddings]));
    const { code, output } = await audit([...audited(), "--dir", "plans", "--dir", "nowhere"]);
    expect(code, output).toBe(1);
    expect(output).toContain(
      `${join(world.dir, "plans/plan.json")}: bureau:embeddings.apiKey, raw`,
    );
    expect(output).toContain(`${join(world.dir, "nowhere")}: not there`);
    expectNoSecret(output);
  });

  test("a wrong passphrase fails without a word of what it guards", async () => {
    const { code, stdout, output } = await audit(audited(), {
      PULUMI_CONFIG_PASSPHRASE: "wrong-one",
    });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(output).toMatch(/audit: pulumi stack export exited with \d+: .*passphrase/s);
    expectNoSecret(output);
  });

  test.each([
    { args: ["--stack", "audited", "--wat"], says: "--wat" },
    { args: ["--dir", "x"], says: "--stack is missing" },
    { args: ["--stack", "audited", "stray"], says: "stray" },
  ])("$args is one line and exit code 2", async ({ args, says }) => {
    const { code, stdout, stderr } = await audit(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});

function expectNoSecret(output: string): void {
  for (const key of [chat, embeddings]) {
    for (let at = 13; at + 6 <= key.length; at += 1) {
      if (output.includes(key.slice(at, at + 6))) expect.fail("the output has a part of a key");
    }
  }
}
