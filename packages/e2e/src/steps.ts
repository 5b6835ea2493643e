import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "@bureau/cli";
import type { Stack } from "./stack.ts";
import type { World } from "./world.ts";

/** What an engine operation did to the stack and to the cloud. */
export interface Outcome {
  readonly command: Command;
  /** `+` create, `~` update, `+-` replace, `-` delete, with the resource's name: `+- desk-server`. */
  readonly steps: readonly string[];
  /** Requests that change something, ids and query left out: `POST /servers/ID/actions/shutdown`. */
  readonly writes: readonly string[];
  readonly reads: number;
}

const symbols: Record<string, string> = {
  create: "+",
  update: "~",
  replace: "+-",
  delete: "-",
  import: "=",
};

/** Runs `pulumi up` (or what else) and tells what it did; the command may fail. */
export async function observe(
  world: World,
  stack: Stack,
  args: readonly string[] = ["up", "--yes", "--skip-preview"],
  options: { env?: NodeJS.ProcessEnv | undefined } = {},
): Promise<Outcome> {
  const log = join(world.dir, `events-${stack.name}.json`);
  rmSync(log, { force: true });
  const before = world.cloud.requests().length;
  const command = await stack.run([...args, "--event-log", log], options);
  const requests = world.cloud.requests().slice(before);
  const isWrite = ({ method }: { method: string }) => method !== "GET";
  return {
    command,
    steps: readSteps(log),
    writes: requests.filter(isWrite).map(({ method, path }) => `${method} ${withoutIds(path)}`),
    reads: requests.filter((request) => !isWrite(request)).length,
  };
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string } };
}

function readSteps(log: string): string[] {
  const steps = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata)
    .flatMap((metadata) => {
      const symbol = metadata === undefined ? undefined : symbols[metadata.op];
      return metadata === undefined || symbol === undefined
        ? []
        : [`${symbol} ${nameOf(metadata.urn)}`];
    });
  return [...new Set(steps)].sort();
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function withoutIds(path: string): string {
  return path.replace(/^\/v1/, "").replaceAll(/\/\d+(?=\/|$)/g, "/ID");
}
