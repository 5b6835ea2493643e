import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const main = fileURLToPath(new URL("pulumi-main.ts", import.meta.url));

/** A fake engine on PATH, and a caller's folder with a Pulumi project in it. */
function setting(script: string) {
  const folder = temporaryFolder();
  const caller = join(folder, "caller");
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(caller, "below"), { recursive: true });
  writeFileSync(join(caller, "Pulumi.yaml"), "name: x\n");
  const engine = `#!/bin/sh\nif [ "$1" = version ]; then echo v3.270.0; exit; fi\n${script}\n`;
  writeFileSync(join(folder, "bin/pulumi"), engine, { mode: 0o755 });
  const start = (args: readonly string[], from = caller) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, HOME: folder, INIT_CWD: from },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const run = async (args: readonly string[], from = caller) => {
    const child = start(args, from);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (output.stdout += data));
    child.stderr.on("data", (data) => (output.stderr += data));
    const [code] = await once(child, "close");
    return { code, ...output };
  };
  return { folder, caller, start, run };
}

test("stdout and the exit code are the engine's own", async () => {
  const { run } = setting('echo "{}"; echo oops >&2; exit 7');
  expect(await run(["stack", "export"])).toEqual({ code: 7, stdout: "{}\n", stderr: "oops\n" });
});

test("works in the folder of the caller, and a relative -C counts from there", async () => {
  const { caller, run } = setting('pwd; echo "$@"');
  const { stdout } = await run(["up", "-C", "../x", "--yes"], join(caller, "below"));
  expect(stdout).toBe(`${join(caller, "below")}\nup -C ${join(caller, "x")} --yes\n`);
});

test("works where npm put it when the caller is in no project", async () => {
  const { folder, run } = setting("pwd");
  expect((await run(["stack", "ls"], join(folder, "bin"))).stdout).toBe(`${folder}\n`);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s reaches the engine, which ends in its own way",
  async (signal) => {
    const name = signal.slice(3);
    const { folder, start } = setting(
      `trap 'echo ${name} > got; exit 5' ${name}; touch ready; while kill -0 $PPID; do sleep 0.05; done`,
    );
    const child = start(["up"]);
    const at = (file: string) => join(folder, "caller", file);
    await vi.waitUntil(() => existsSync(at("ready")), { timeout: 10_000 });
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([5, null]);
    expect(readFileSync(at("got"), "utf8")).toBe(`${name}\n`);
  },
);

test("an engine that a signal killed gives the exit code of the shells", async () => {
  const { run } = setting("kill -KILL $$");
  expect((await run(["up"])).code).toBe(137);
});
