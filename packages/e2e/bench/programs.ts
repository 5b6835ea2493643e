import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canaryKey } from "@bureau/testkit";
import { createStack, type Stack } from "../src/stack.ts";
import type { World } from "../src/world.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A stack of one of the programs under programs/, with `count` desks or what equals them. */
export function benchStack(
  world: World,
  program: "desks" | "flat" | "empty",
  name: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Stack> {
  const project = join(world.dir, `${program}-${name}`);
  cpSync(join(root, "packages/e2e/bench/programs", program), project, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  return createStack(world, name, {
    program: project,
    env: { CANARY: canaryKey("anthropic"), ...env },
  });
}

export const upArgs = ["up", "--yes", "--skip-preview"] as const;
export const destroyArgs = ["destroy", "--yes", "--skip-preview"] as const;
