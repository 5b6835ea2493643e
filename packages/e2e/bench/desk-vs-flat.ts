import { createWorld } from "../src/world.ts";
import { best, type Row, ratio } from "./measure.ts";
import { benchStack, destroyArgs, upArgs } from "./programs.ts";

/** What the component costs over the same resources written out by hand. */
export async function deskAgainstFlat(): Promise<Row[]> {
  const world = await createWorld();
  try {
    const desk = await benchStack(world, "desks", "desk");
    const flat = await benchStack(world, "flat", "flat");
    const preview = { desk: 0, flat: 0 };
    const up = { desk: 0, flat: 0 };
    for (const [name, stack] of [
      ["flat", flat],
      ["desk", desk],
    ] as const) {
      preview[name] = await best(3, () => stack.ok(["preview"]));
      up[name] = await best(3, async (run) => {
        if (run > 0) await stack.ok(destroyArgs);
        await stack.ok(upArgs);
      });
      await stack.ok(destroyArgs);
    }
    return [
      ratio("preview, Desk against flat", [preview.desk, "Desk"], [preview.flat, "flat"]),
      ratio("up, Desk against flat", [up.desk, "Desk"], [up.flat, "flat"]),
    ];
  } finally {
    await world.close();
  }
}
