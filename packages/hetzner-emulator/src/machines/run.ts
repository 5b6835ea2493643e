import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. A signal is code 128. */
export function tryRun(file: string, args: readonly string[], input?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
    const child = spawn(file, args, { cwd: "/", env, stdio: ["pipe", "pipe", "pipe"] });
    const texts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on("data", (chunk: Buffer) => texts.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => texts.stderr.push(chunk));
    child.stdin.on("error", () => undefined); // it may end without having read its input
    child.stdin.end(input ?? "");
    child.on("error", reject);
    child.on("close", (code) => {
      const text = (name: "stdout" | "stderr") => Buffer.concat(texts[name]).toString("utf8");
      resolve({ code: code ?? 128, stdout: text("stdout"), stderr: text("stderr") });
    });
  });
}

/** @throws Error with the program's last words when it fails. */
export async function run(file: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryRun(file, args);
  if (code !== 0) throw new Error(`${file} exited ${code}: ${stderr.trim().slice(-1000)}`);
  return stdout;
}

/** Waits until it is so. @throws Error that names what was waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
