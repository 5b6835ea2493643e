import { delimiter, dirname } from "node:path";
import type { Engine } from "./types.ts";

/** What keeps a built engine from looking for things that it cannot reach. */
const OFFLINE = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
};

/**
 * The environment for running the engine: `base`, with the engine and this Node first on PATH. A
 * built engine also gets the switches for working offline. What `base` sets itself stays.
 */
export function engineEnvironment(engine: Engine, base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // The language host runs the `node` of PATH, and the programs here need this one.
  const first = [dirname(engine.cli), dirname(process.execPath)];
  const rest = (base.PATH ?? "").split(delimiter).filter((folder) => !first.includes(folder));
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(engine.origin === "built" ? OFFLINE : {}),
    ...base,
    PATH: [...first, ...rest].join(delimiter),
  };
}
