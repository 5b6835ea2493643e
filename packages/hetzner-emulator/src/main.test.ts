import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, ["--conditions=@bureau/source", main, ...args]);
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, said, ended };
}

describe("the command", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "says where it listens, and at %s ends with its state written",
    async (signal) => {
      const dir = mkdtempSync(join(tmpdir(), "bureau-emulator-"));
      onTestFinished(() => rmSync(dir, { recursive: true }));
      const state = join(dir, "cloud.json");
      const { child, said, ended } = start("--port", "0", "--token", "t", "--state", state);
      await expect.poll(() => said.stdout, { timeout: 10_000 }).toContain("\n");
      const [, url] =
        /^Hetzner emulator: (http:\/\/127\.0\.0\.1:\d+\/v1)\n$/.exec(said.stdout) ?? [];
      const answer = await fetch(`${url}/volumes`, {
        method: "POST",
        headers: { authorization: "Bearer t" },
        body: JSON.stringify({ name: "data", size: 10, location: "fsn1" }),
      });
      expect(answer.status).toBe(201);
      child.kill(signal);
      expect(await ended).toBe(0);
      expect(JSON.parse(readFileSync(state, "utf8")).volumes).toHaveLength(1);
    },
  );

  test.each([
    [["--prot", "1"], "--prot"],
    [[], "--port"],
    [["--port", "70000"], "--port"],
    [["--port", "0", "--host", "0.0.0.0"], "--host"],
    [["--port", "0", "--actions", "slow"], "--actions"],
    [["--port", "0", "--token", ""], "--token"],
    [["--port", "0", "--machines", "xen"], "--machines"],
    [["--port", "0", "--machines", "qemu"], "--image"],
    [["--port", "0", "--machines", "qemu", "--image", "/x", "--volume-at", "/y"], "--volume-at"],
  ])("refuses %j in one line", async (args, named) => {
    const { said, ended } = start(...args);
    expect(await ended).toBe(2);
    expect(said.stdout).toBe("");
    expect(said.stderr.trim().split("\n")).toHaveLength(1);
    expect(said.stderr).toContain(named);
  });
});
