import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of everything the engine package keeps, shared by all checkouts of a user. */
export function cacheFolder(cacheDir: string | undefined, env: NodeJS.ProcessEnv): string {
  return join(resolve(cacheDir ?? defaultCache(env)), "engine");
}

/** Where bureau keeps what it makes once: `BUREAU_CACHE`, else `bureau` in the user's cache folder. */
export function defaultCache(env: NodeJS.ProcessEnv): string {
  // An empty variable counts as unset, as the XDG specification has it.
  if (env.BUREAU_CACHE) return env.BUREAU_CACHE;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "bureau");
}
