import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

export interface Command {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, for those who do not care which. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the program reads from stdin; the way a secret gets in. */
  readonly input?: string | undefined;
  /** Gets what the program prints, as it comes. */
  readonly echo?: Writable | undefined;
  readonly onSpawn?: ((pid: number) => void) | undefined;
}

/** Runs a program to its end; what it said is in the result, whatever its exit code. */
export function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, input, echo, onSpawn }: CommandOptions,
): Promise<Command> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      echo?.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr.push(chunk);
      echo?.write(chunk);
    });
    child.stdin.on("error", () => undefined); // the program may end without having read its input
    child.stdin.end(input ?? "");
    child.on("error", reject);
    child.on("spawn", () => {
      if (child.pid !== undefined) onSpawn?.(child.pid);
    });
    child.on("close", (code, signal) => {
      const out = Buffer.concat(stdout).toString("utf8");
      const err = Buffer.concat(stderr).toString("utf8");
      resolve({ code, signal, stdout: out, stderr: err, output: out + err });
    });
  });
}
