import type { Stack } from "../src/stack.ts";
import { createWorld } from "../src/world.ts";
import { best, type Row, ratio } from "./measure.ts";
import { benchStack, upArgs } from "./programs.ts";

const together = 2;

/** Many desks in one program, and the same number of stacks with one desk each. */
export async function growth(counts: readonly number[], stacks: number): Promise<Row[]> {
  const world = await createWorld();
  try {
    const rows: Row[] = [];
    const times = new Map<number, number>();
    for (const count of counts) {
      const stack = await benchStack(world, "desks", `many-${count}`, { COUNT: String(count) });
      times.set(count, await best(1, () => stack.ok(upArgs)));
      await stack.ok(["destroy", "--yes", "--skip-preview"]);
    }
    const one = times.get(1) ?? Number.NaN;
    for (const [count, time] of times) {
      if (count > 1)
        rows.push(
          ratio(`up of ${count} desks in one program`, [time, `${count} desks`], [one, "one desk"]),
        );
    }
    rows.push(await manyStacks(stacks, one));
    return rows;
  } finally {
    await world.close();
  }
}

async function manyStacks(count: number, one: number): Promise<Row> {
  // A world each: desks of the same name would collide in one cloud, as they should.
  const worlds = await Promise.all(Array.from({ length: count }, () => createWorld()));
  try {
    const stacks: Stack[] = [];
    for (const [i, world] of worlds.entries())
      stacks.push(await benchStack(world, "desks", `stack-${i}`));
    const time = await best(1, async () => {
      const queue = [...stacks];
      const work = async () => {
        for (let stack = queue.pop(); stack !== undefined; stack = queue.pop())
          await stack.ok(upArgs);
      };
      await Promise.all(Array.from({ length: together }, work));
    });
    return ratio(
      `up of ${count} stacks, ${together} at a time`,
      [time, `${count} stacks`],
      [one, "one desk"],
    );
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
}
