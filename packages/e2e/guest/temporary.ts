import { onTestFinished } from "vitest";
import { createDesk, type DeskOptions, type GuestDesk } from "../src/guest-desk.ts";
import type { GuestWorld } from "../src/guest-world.ts";

/** A desk that goes with the test, so that it takes no time from the next ones. */
export async function temporaryDesk(world: GuestWorld, options?: DeskOptions): Promise<GuestDesk> {
  const desk = await createDesk(world, options);
  onTestFinished(async () => {
    await world.api("DELETE", `/servers/${desk.serverId}`);
    await world.machines.settled();
  });
  return desk;
}
