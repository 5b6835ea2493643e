import { buildEngine, builtEngine } from "./built.ts";
import { cacheFolder } from "./cache.ts";
import { downloadEngine, downloadedEngine } from "./official.ts";
import { engineOnPath } from "./on-path.ts";
import { resolveEngine, resolvePresent, type Ways } from "./resolve.ts";
import type { Engine, EngineOptions } from "./types.ts";

/**
 * Finds, installs or builds the Pulumi engine: `pulumi` on PATH (3.259.0 or newer), else the
 * official download, else a build from Go modules, which takes minutes the first time.
 *
 * @throws {EngineUnavailableError} when there is no way; the message says what to install
 * @example
 * const engine = await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
 */
export function obtainEngine(options: EngineOptions = {}): Promise<Engine> {
  return resolveEngine(ways(options));
}

/** The engine that `obtainEngine` would find without installing or building anything. */
export function findEngine(options: EngineOptions = {}): Promise<Engine | undefined> {
  return resolvePresent(ways(options));
}

function ways({ cacheDir, env = process.env, onProgress = () => {} }: EngineOptions): Ways {
  const cache = cacheFolder(cacheDir, env);
  return {
    onPath: () => engineOnPath(env, cache),
    downloaded: () => downloadedEngine(cache, env),
    built: async () => builtEngine(cache),
    download: () => downloadEngine(cache, env, onProgress),
    build: () => buildEngine(cache, env, onProgress),
  };
}
