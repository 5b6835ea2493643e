import { runCommand } from "../run-command.ts";

/** Runs a program and fails with its last words when it does. */
export async function runOrFail(file: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" };
  const { code, stdout, output } = await runCommand(file, args, { cwd: "/", env });
  if (code !== 0) {
    const words = output.trimEnd().split("\n").slice(-20).join("\n");
    throw new Error(`${file} ${args[0] ?? ""} exited ${code}:\n${words}`);
  }
  return stdout;
}
