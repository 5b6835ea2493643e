import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Command, hunt, runCommand } from "@bureau/cli";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneCheckout, git } from "../src/clone.ts";

let clone: string;
const apiKey = canaryKey("openai");

beforeAll(() => {
  clone = cloneCheckout();
});
afterAll(async () => {
  if (existsSync(join(clone, ".bureau"))) await start(["--down"]);
  rmSync(dirname(clone), { recursive: true, force: true });
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Command> {
  return runCommand("npm", ["start", "-s", "--", ...args], {
    cwd: clone,
    env: { ...process.env, ...env },
  });
}

test("npm start -- --machines nspawn ends with an answer of the desk's agent, and no leak", async () => {
  const { code, output } = await start(["--machines", "nspawn"], {
    BUREAU_PROVIDER: "openai",
    BUREAU_API_KEY: apiKey,
  });
  expect(code, output).toBe(0);
  expect(output).toMatch(/^answer: You said: .*Are you there\?/m);
  expect(output).toContain("found: nothing");
  expect(git(clone, "status", "--porcelain")).toBe("");
  const report = await hunt({
    secrets: [{ label: "key", value: apiKey }],
    places: [{ label: "clone", path: clone }],
    texts: [{ label: "console", text: output }],
    // The cloud's side.
    skip: [join(clone, ".bureau/machines")],
  });
  expect(report.findings).toEqual([]);
});

test("the next run boots the same desk, which answers again", async () => {
  const { code, output } = await start([]);
  expect(code, output).toBe(0);
  expect(output).toContain("no changes");
  expect(output).toMatch(/^answer: You said: /m);
});

test("a desk that boots cannot become one that does not: the way out is named", async () => {
  const { code, stderr } = await start(["--machines", "none"]);
  expect(code).toBe(1);
  expect(stderr).toContain("npm start -- --down");
});

test("--keep leaves the desk running, and --down ends it and leaves nothing", async () => {
  const kept = await start(["--keep"]);
  expect(kept.code, kept.output).toBe(0);
  const down = await start(["--down"]);
  expect(down.code, down.output).toBe(0);
  expect(existsSync(join(clone, ".bureau"))).toBe(false);
  const { output } = await runCommand("ps", ["-eo", "args"], { cwd: "/", env: process.env });
  expect(output).not.toContain(dirname(clone));
});
