import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Command, hunt, runCommand } from "@bureau/cli";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneCheckout, git } from "../src/clone.ts";

let clone: string;

beforeAll(() => {
  clone = cloneCheckout();
});

afterAll(async () => {
  if (existsSync(join(clone, ".bureau"))) await start(["--down"]);
  rmSync(dirname(clone), { recursive: true, force: true });
});

function start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Command> {
  return runCommand("npm", ["start", "-s", "--", ...args], {
    cwd: clone,
    env: {
      ...process.env,
      // A real cloud's settings in the shell must not matter.
      HCLOUD_TOKEN: "x".repeat(64),
      HCLOUD_ENDPOINT: "http://192.0.2.1:9/v1",
      PULUMI_BACKEND_URL: "https://192.0.2.1:9",
      ...env,
    },
  });
}

const cloudFile = () => join(clone, ".bureau/cloud-process.json");

describe("npm start", () => {
  const apiKey = canaryKey("anthropic");

  test("--down without a desk is good, and leaves nothing", async () => {
    const { code, output } = await start(["--down"]);
    expect(code, output).toBe(0);
    expect(existsSync(join(clone, ".bureau"))).toBe(false);
  });

  test("an unknown flag is one line and exit code 2", async () => {
    const { code, stderr } = await start(["--nonsense"]);
    expect(code).toBe(2);
    expect(
      stderr
        .trim()
        .split("\n")
        .filter((line) => line.includes("--nonsense")),
    ).toHaveLength(1);
  });

  test("the first run brings up a desk, prints it and its price, and finds no leak", async () => {
    const { code, output } = await start([], {
      BUREAU_API_KEY: apiKey,
      BUREAU_MODEL: "claude-sonnet-5",
    });
    expect(code, output).toBe(0);
    for (const words of ["desk local", "claude-sonnet-5", "fingerprint", "EUR", "A real desk"]) {
      expect(output).toContain(words);
    }
    expect(existsSync(cloudFile())).toBe(false);
    expect(git(clone, "status", "--porcelain")).toBe("");
    expect(statSync(join(clone, ".bureau")).mode & 0o077).toBe(0);
    expect(statSync(join(clone, ".bureau/passphrase")).mode & 0o777).toBe(0o600);

    const report = await hunt({
      secrets: [{ label: "key", value: apiKey }],
      places: [{ label: "clone", path: clone }],
      texts: [{ label: "console", text: output }],
    });
    expect(report.findings).toEqual([]);
  });

  test("the next run keeps key, provider, model and port, and says `no changes`", async () => {
    const settings = () => JSON.parse(readFileSync(join(clone, ".bureau/local.json"), "utf8"));
    const before = settings();
    const { code, output } = await start();
    expect(code, output).toBe(0);
    expect(output).toContain("no changes");
    expect(settings()).toEqual(before);
  });

  test("BUREAU_MODEL changes the model, shown as a reviewer would see it", async () => {
    const { code, output } = await start([], { BUREAU_MODEL: "claude-opus-5" });
    expect(code, output).toBe(0);
    expect(output).toMatch(/~ model\s*: "claude-sonnet-5" => "claude-opus-5"/);
  });

  test("a refused change is undone, so that the run after it is as before", async () => {
    const refused = await start([], { BUREAU_API_KEY: canaryKey("openai") });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("bureau:apiKey");
    const { code, output } = await start();
    expect(code, output).toBe(0);
    expect(output).toContain("no changes");
  });

  test("--keep leaves the cloud running, a later run uses it, and two at once do not collide", async () => {
    const kept = await start(["--keep"]);
    expect(kept.code, kept.output).toBe(0);
    const { pid, url } = JSON.parse(readFileSync(cloudFile(), "utf8"));
    expect(kept.output).toContain(url);
    expect(() => process.kill(pid, 0)).not.toThrow();

    const both = await Promise.all([start(), start()]);
    for (const { code, output } of both) {
      expect(code, output).toBe(0);
      expect(output).toContain(url);
    }
    expect(JSON.parse(readFileSync(cloudFile(), "utf8")).pid).toBe(pid);
  });

  test("--down removes desk, state and processes", async () => {
    const { url } = JSON.parse(readFileSync(cloudFile(), "utf8"));
    const { code, output } = await start(["--down"]);
    expect(code, output).toBe(0);
    expect(existsSync(join(clone, ".bureau"))).toBe(false);
    expect(existsSync(join(clone, "stacks/Pulumi.local.yaml"))).toBe(false);
    await expect(fetch(`${url}/locations`)).rejects.toThrow();
    expect(git(clone, "status", "--porcelain")).toBe("");
  });
});
