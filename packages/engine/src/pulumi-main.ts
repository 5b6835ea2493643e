import { homedir } from "node:os";
import { join } from "node:path";
import { readArguments } from "./arguments.ts";
import { engineEnvironment } from "./environment.ts";
import { EngineUnavailableError } from "./errors.ts";
import { handOver } from "./hand-over.ts";
import { obtainEngine } from "./obtain.ts";
import { placePlugins } from "./place.ts";
import { projectFile } from "./project.ts";

/** `npm run pulumi -- ARGS`: the engine, in the caller's environment and folder. */
async function main(given: readonly string[]): Promise<number> {
  // npm goes to the root of the repository; the caller was in INIT_CWD.
  const caller = process.env.INIT_CWD ?? process.cwd();
  const start = projectFile(caller) === undefined ? process.cwd() : caller;
  const { args, folder } = readArguments(given, caller);
  const engine = await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const pulumiHome = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  await placePlugins(engine, { pulumiHome, programDir: folder ?? start });
  return handOver(engine.cli, args, { cwd: start, env: engineEnvironment(engine, process.env) });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EngineUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
