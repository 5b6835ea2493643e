import { spawn } from "node:child_process";

interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called with each complete line of stderr. */
  onErrorLine?: (line: string) => void;
  /** Ends the process, with SIGTERM. */
  signal?: AbortSignal;
}

interface RunResult {
  /** null when the process could not be started or was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with nothing on stdin; never throws. */
export function run(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let stdout = "";
    let stderr = "";
    let line = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const complete of lines) options.onErrorLine?.(complete);
    });
    child.on("error", (error) => resolve({ code: null, stdout, stderr: stderr || error.message }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
