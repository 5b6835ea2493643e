import { homedir } from "node:os";
import { join } from "node:path";
import { engineEnvironment, obtainEngine, placePlugins } from "@bureau/engine";
import { type Command, runCommand } from "./run-command.ts";

export interface OpenEngineOptions {
  /** The project's folder, or one below it. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stack: string;
}

/** The engine that is there or can be had, made ready for one stack of a project. */
export async function openEngine({ cwd, env: base, stack }: OpenEngineOptions): Promise<{
  env: NodeJS.ProcessEnv;
  pulumi: (args: readonly string[], input?: string) => Promise<Command>;
}> {
  const engine = await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const env = engineEnvironment(engine, base);
  const pulumiHome = env.PULUMI_HOME ?? join(env.HOME ?? homedir(), ".pulumi");
  await placePlugins(engine, { pulumiHome, programDir: cwd });
  return {
    env,
    pulumi: (args, input) =>
      runCommand(engine.cli, [...args, "--stack", stack, "--non-interactive"], { cwd, env, input }),
  };
}
