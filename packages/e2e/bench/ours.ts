import { join } from "node:path";
import { createWorld } from "../src/world.ts";
import { best, type Row } from "./measure.ts";
import { benchStack } from "./programs.ts";

/** How much of a preview is ours: its time less that of a program which loads the SDKs and makes nothing. */
export async function shareOfOurs(): Promise<Row[]> {
  const world = await createWorld();
  try {
    const rows: Row[] = [];
    for (const cached of [false, true]) {
      const env = cached
        ? { NODE_COMPILE_CACHE: join(world.dir, "compile-cache") }
        : { NODE_DISABLE_COMPILE_CACHE: "1" };
      const suffix = cached ? "cached" : "uncached";
      const empty = await benchStack(world, "empty", `empty-${suffix}`, env);
      const desk = await benchStack(world, "desks", `ours-${suffix}`, env);
      const time = {
        empty: await best(4, () => empty.ok(["preview"])),
        desk: await best(4, () => desk.ok(["preview"])),
      };
      rows.push({
        name: `share of a preview that is ours, ${cached ? "with" : "without"} Node's compile cache`,
        value: Math.max(0, (time.desk - time.empty) / time.desk),
        unit: "share",
        detail: `preview ${Math.round(time.desk)} ms, with nothing in it ${Math.round(time.empty)} ms`,
      });
    }
    return rows;
  } finally {
    await world.close();
  }
}
