import type { Writable } from "node:stream";
import { type Engine, engineEnvironment, placePlugins } from "@bureau/engine";
import { z } from "zod";
import { type Command, runCommand } from "../run-command.ts";
import { checkout, type LocalFolder } from "./folder.ts";

export const localStack = "local";

/** The environment of every engine command of the local desk. */
export function localEnvironment(engine: Engine, folder: LocalFolder): NodeJS.ProcessEnv {
  // Whatever the machine has set for a real cloud or another backend must not reach this stack.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(HCLOUD|HETZNER|PULUMI|BUREAU|TF)_/.test(name),
    ),
  );
  // Debug commands make the engine take --event-log, as they do for the Automation API.
  const debug = { PULUMI_DEBUG_COMMANDS: "true" };
  return { ...engineEnvironment(engine, inherited), ...shellVariables(folder), ...debug };
}

/** What a shell needs so that plain `pulumi` goes on with the local desk. */
export function shellVariables(folder: LocalFolder): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${folder.backend}`,
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase,
  };
}

export interface LocalPulumi {
  /** @throws Error with the engine's own words when it does not exit with 0. */
  ok(args: readonly string[], options?: RunOptions): Promise<Command>;
  run(args: readonly string[], options?: RunOptions): Promise<Command>;
}

export interface RunOptions {
  readonly input?: string;
  readonly echo?: Writable;
}

export async function localPulumi(engine: Engine, folder: LocalFolder): Promise<LocalPulumi> {
  await placePlugins(engine, { pulumiHome: folder.pulumiHome, programDir: checkout });
  const env = localEnvironment(engine, folder);
  const run = (args: readonly string[], options: RunOptions = {}) =>
    runCommand(engine.cli, [...args, "--stack", localStack, "--non-interactive"], {
      cwd: checkout,
      env,
      ...options,
    });
  return {
    run,
    async ok(args, options) {
      const command = await run(args, options);
      if (command.code === 0) return command;
      // What was echoed has been seen already.
      const words =
        options?.echo === undefined ? `:\n${command.output.trim()}` : "; its messages are above";
      throw new Error(`pulumi ${args.slice(0, 2).join(" ")} exited with ${command.code}${words}`);
    },
  };
}

const secretConfigSchema = z.record(z.string(), z.object({ value: z.string().optional() }));
const embeddingsSchema = z.object({ apiKey: z.string().optional() });

/** The API keys in the local desk's config. */
export async function deskKeys(pulumi: LocalPulumi): Promise<string[]> {
  const { stdout } = await pulumi.ok(["config", "--show-secrets", "--json"]);
  const config = secretConfigSchema.parse(JSON.parse(stdout));
  const embeddings = config["bureau:embeddings"]?.value;
  return [
    config["bureau:apiKey"]?.value,
    embeddings === undefined ? undefined : embeddingsSchema.parse(JSON.parse(embeddings)).apiKey,
  ].filter((key) => key !== undefined);
}
