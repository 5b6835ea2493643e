import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "@bureau/cli";
import { parse, stringify } from "yaml";
import type { PulumiOptions, World } from "./world.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** One stack of one program in a world. */
export interface Stack {
  readonly name: string;
  readonly project: string;
  readonly file: string;
  run(args: readonly string[], options?: Partial<PulumiOptions>): Promise<Command>;
  /** Runs and fails the test with the engine's own words when the exit code is not 0. */
  ok(args: readonly string[], options?: Partial<PulumiOptions>): Promise<Command>;
  /** Changes plain config in the stack file; undefined takes a key away. */
  configure(values: Record<string, unknown>): void;
  setSecret(key: string, value: string): Promise<void>;
  state(): Promise<Resource[]>;
}

/** A resource as `stack export` shows it, reduced to what tests look at. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

export interface StackOptions {
  /** A folder with a Pulumi.yaml; the project's own stack program by default. */
  readonly program?: string;
  /** The stack is there already, as after a rename. */
  readonly existing?: boolean;
  readonly config?: Record<string, unknown>;
  readonly secrets?: Record<string, string>;
  /** On top of the world's, for every command of this stack. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The checkout's program in a folder of the test's own, so that its stack files land there. */
function checkout(world: World): string {
  const project = join(world.dir, "project");
  if (existsSync(project)) return project;
  mkdirSync(join(project, "stacks"), { recursive: true });
  copyFileSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  symlinkSync(join(root, "infra"), join(project, "infra"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  return project;
}

/** A copy of a fixture program whose imports resolve as in the workspace. */
export function fixture(world: World, name: string): string {
  const project = join(world.dir, name);
  if (existsSync(project)) return project;
  cpSync(join(root, "packages/e2e/engine/fixtures", name), project, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  return project;
}

export async function createStack(
  world: World,
  name: string,
  options: StackOptions = {},
): Promise<Stack> {
  const project = options.program ?? checkout(world);
  const settings = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as {
    stackConfigDir?: string;
  };
  const file = join(project, settings.stackConfigDir ?? ".", `Pulumi.${name}.yaml`);

  const stack: Stack = {
    name,
    project,
    file,
    run: (args, more = {}) =>
      world.pulumi([...args, "--stack", name], {
        cwd: project,
        ...more,
        env: { ...options.env, ...more.env },
      }),
    async ok(args, more) {
      const command = await stack.run(args, more);
      if (command.code !== 0)
        throw new Error(`pulumi ${args[0]} exited ${command.code}:\n${command.output}`);
      return command;
    },
    configure(values) {
      const content = existsSync(file)
        ? (parse(readFileSync(file, "utf8")) as StackFile | null)
        : null;
      const config = { ...content?.config, ...values };
      for (const [key, value] of Object.entries(values))
        if (value === undefined) delete config[key];
      writeFileSync(file, stringify({ ...content, config }));
    },
    async setSecret(key, value) {
      await stack.ok(["config", "set", "--path", "--secret", key], { input: value });
    },
    async state() {
      const { stdout } = await stack.ok(["stack", "export"]);
      const { deployment } = JSON.parse(stdout) as { deployment: { resources?: Resource[] } };
      return deployment.resources ?? [];
    },
  };

  if (options.existing) return stack;
  const init = await world.pulumi(["stack", "init", name], { cwd: project, env: options.env });
  if (init.code !== 0) throw new Error(`pulumi stack init exited ${init.code}:\n${init.output}`);
  stack.configure(options.config ?? {});
  for (const [key, value] of Object.entries(options.secrets ?? {}))
    await stack.setSecret(key, value);
  return stack;
}

interface StackFile {
  config?: Record<string, unknown>;
}
