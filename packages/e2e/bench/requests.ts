import { canaryKey } from "@bureau/testkit";
import { createStack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld } from "../src/world.ts";
import type { Row } from "./measure.ts";

/**
 * Requests of each operation beside the least that could do it: one for each object that is made,
 * changed, deleted or, in a refresh, read.
 */
export async function requestsPerOperation(): Promise<Row[]> {
  const world = await createWorld();
  try {
    const stack = await createStack(world, "bench", {
      config: { "bureau:provider": "anthropic", "bureau:data": { protect: false } },
      secrets: { "bureau:apiKey": canaryKey("anthropic") },
    });
    const rows: Row[] = [];
    const count = async (name: string, least: number, what: string, args?: readonly string[]) => {
      const { command, reads, writes } = await observe(world, stack, args);
      if (command.code !== 0)
        throw new Error(`${name} exited with ${command.code}:\n${command.output}`);
      rows.push({
        name: `requests, ${name}`,
        value: reads + writes.length,
        unit: "requests",
        detail: `${writes.length} write, ${reads} read; least possible ${least} (${what})`,
      });
    };
    await count("create", 6, "two addresses, volume, firewall, server, attachment");
    await count("up without a change", 0, "nothing to do");
    await count("refresh", 6, "each object once", ["refresh", "--yes", "--skip-preview"]);
    await stack.setSecret("bureau:apiKey", canaryKey("anthropic"));
    await count("new key", 4, "shutdown, delete, create, attach");
    await count("destroy", 5, "server, two addresses, volume, firewall", [
      "destroy",
      "--yes",
      "--skip-preview",
    ]);
    return rows;
  } finally {
    await world.close();
  }
}
