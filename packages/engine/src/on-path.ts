import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { run } from "./process.ts";
import type { Engine } from "./types.ts";
import { isAtLeast, MINIMUM_VERSION, withoutV } from "./version.ts";

/**
 * The first `pulumi` on PATH, when it is new enough. One that lies in our own cache is passed over:
 * a command run by another of ours inherits its PATH, and must still know the engine as built.
 */
export async function engineOnPath(
  env: NodeJS.ProcessEnv,
  cache: string,
): Promise<Engine | undefined> {
  const cli = executablesOnPath("pulumi", env).find((path) => !isInside(path, cache));
  if (cli === undefined) return undefined;
  const version = await engineVersion(cli, env);
  if (version === undefined || !isAtLeast(version, MINIMUM_VERSION)) return undefined;
  return { origin: "path", version, cli, plugins: [] };
}

/** What `pulumi version` prints, without the v; undefined when it cannot be run. */
export async function engineVersion(
  cli: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const result = await run(cli, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return result.code === 0 ? withoutV(result.stdout) : undefined;
}

export function executablesOnPath(name: string, env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isInside(path: string, folder: string): boolean {
  try {
    return !relative(realpathSync(folder), realpathSync(path)).startsWith("..");
  } catch {
    return false;
  }
}
