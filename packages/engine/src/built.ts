import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildPart, builtFolder } from "./build.ts";
import { EngineUnavailableError } from "./errors.ts";
import { goVersion, isNewEnough, MINIMUM_GO } from "./go.ts";
import { DOUBLE_VERSION, parts, providers, requiredVersion } from "./parts.ts";
import { builtVersion, executableOf } from "./recipe.ts";
import type { Engine, Plugin } from "./types.ts";
import { MINIMUM_VERSION } from "./version.ts";

/** The engine that an earlier run built, when all of it is there. */
export function builtEngine(cache: string): Engine | undefined {
  const cli = builtFolder(cache, "cli");
  const plugins = builtFolder(cache, "plugins");
  if (!existsSync(cli) || !existsSync(plugins)) return undefined;
  const version = builtVersion();
  return {
    origin: "built",
    version,
    cli: join(cli, "pulumi"),
    plugins: [languageHost(cli, version), ...resourcePlugins(plugins)],
  };
}

/** Builds what is missing of the engine. Needs Go and its module proxy. */
export async function buildEngine(
  cache: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<Engine> {
  const go = await goVersion(env);
  if (go === undefined || !isNewEnough(go)) throw new EngineUnavailableError(nothingHere(go));
  for (const part of parts) await buildPart(cache, part, env, progress);
  const engine = builtEngine(cache);
  if (engine === undefined) throw new Error("the engine was built but is not where it belongs");
  return engine;
}

function nothingHere(go: string | undefined): string {
  return (
    `There is no Pulumi engine here: no pulumi ${MINIMUM_VERSION} or newer on PATH, its download site is not ` +
    `reachable, and to build one needs Go ${MINIMUM_GO} or newer (found: ${go ?? "none"}). ` +
    "Install Pulumi (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), then run this again."
  );
}

function languageHost(folder: string, label: string): Plugin {
  const path = join(folder, "pulumi-language-nodejs");
  return {
    kind: "language",
    name: "nodejs",
    version: DOUBLE_VERSION,
    label,
    testDouble: true,
    path,
  };
}

function resourcePlugins(folder: string): Plugin[] {
  return providers.map(({ name, label, testDouble, upstream }) => ({
    kind: "resource",
    name,
    version: upstream === undefined ? DOUBLE_VERSION : requiredVersion("plugins", upstream),
    label,
    testDouble,
    path: join(folder, executableOf(name)),
  }));
}
