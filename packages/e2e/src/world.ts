import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, runCommand } from "@bureau/cli";
import { type Engine, engineEnvironment, findEngine, placePlugins } from "@bureau/engine";
import { createEmulator, type Emulator, type EmulatorOptions } from "@bureau/hetzner-emulator";

/** Node's compiled code, shared by all runs: a fifth of the time of a preview. */
const compileCache = fileURLToPath(
  new URL("../../../node_modules/.cache/node-compile-cache", import.meta.url),
);

/** A cloud, a state backend and a Pulumi home of one test file, none of it shared with another. */
export interface World {
  readonly dir: string;
  readonly cloud: Emulator;
  readonly engine: Engine;
  /** What a user would have in his shell: no HCLOUD_* or PULUMI_* of the machine's own. */
  readonly env: NodeJS.ProcessEnv;
  pulumi(args: readonly string[], options: PulumiOptions): Promise<Command>;
  close(): Promise<void>;
}

export interface PulumiOptions {
  readonly cwd: string;
  readonly input?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly onSpawn?: ((pid: number) => void) | undefined;
}

export async function createWorld(options: EmulatorOptions = {}): Promise<World> {
  const engine = await findEngine();
  if (engine === undefined)
    throw new Error("no Pulumi engine; `npm test` or `npm run engine` gets one");
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "bureau-world-")));
  const cloud = await createEmulator(options);
  const env = {
    ...engineEnvironment(engine, {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      TMPDIR: tmpdir(),
      NODE_COMPILE_CACHE: compileCache,
    }),
    // Makes the engine take --event-log, as the Automation API does.
    PULUMI_DEBUG_COMMANDS: "true",
    HOME: join(dir, "user"),
    PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
    PULUMI_HOME: join(dir, "pulumi-home"),
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    HCLOUD_ENDPOINT: cloud.url,
    HCLOUD_TOKEN: cloud.token,
  };
  for (const name of ["user", "backend", "pulumi-home"]) mkdirSync(join(dir, name));

  return {
    dir,
    cloud,
    engine,
    env,
    async pulumi(args, { cwd, input, env: extra, onSpawn }) {
      await placePlugins(engine, { pulumiHome: env.PULUMI_HOME, programDir: cwd });
      return runCommand(engine.cli, [...args, "--non-interactive", "--color=never"], {
        cwd,
        env: { ...env, ...extra },
        input,
        onSpawn,
      });
    },
    async close() {
      await cloud.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
