import { runCommand } from "./run-command.ts";

/** The npm registry that this machine is set to, which may be the only one that it reaches. */
export async function machineRegistry(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { code, stdout, stderr } = await runCommand("npm", ["config", "get", "registry"], {
    cwd: "/",
    env,
  });
  if (code !== 0) throw new Error(`npm config get registry exited with ${code}: ${stderr.trim()}`);
  return stdout.trim();
}
