import { tmpdir } from "node:os";
import { run } from "./process.ts";
import { isAtLeast } from "./version.ts";

/** go.mod of both modules asks for it, because Pulumi 3.259 does. */
export const MINIMUM_GO = "1.26.0";

/** `1.26.8` for the go on PATH; undefined when there is none. */
export async function goVersion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const result = await run("go", ["env", "GOVERSION"], { env: goEnvironment(env), cwd: tmpdir() });
  if (result.code !== 0) return undefined;
  return /^go(\d+\.\d+(\.\d+)?)/.exec(result.stdout)?.[1];
}

export function isNewEnough(version: string): boolean {
  return isAtLeast(/^\d+\.\d+$/.test(version) ? `${version}.0` : version, MINIMUM_GO);
}

/** The caller's environment, without what would change how or what is built. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    CGO_ENABLED: "0",
    GOFLAGS: "-buildvcs=false",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
}
