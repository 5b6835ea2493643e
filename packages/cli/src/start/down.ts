import { existsSync, rmSync } from "node:fs";
import { obtainEngine } from "@bureau/engine";
import { openCloud, stopBackgroundCloud } from "./cloud.ts";
import type { LocalFolder } from "./folder.ts";
import { localPulumi } from "./pulumi.ts";

/**
 * Removes the local desk: resources, stack, state, processes, files. Its protection is lifted, since
 * all of it is local. Without a desk there is nothing to do.
 */
export async function takeDown(folder: LocalFolder, say: (line: string) => void): Promise<void> {
  if (!existsSync(folder.passphrase)) {
    say("there is no local desk");
    rmSync(folder.dir, { recursive: true, force: true });
    rmSync(folder.stackFile, { force: true });
    return;
  }
  if (existsSync(folder.stackFile)) await destroy(folder, say);
  await stopBackgroundCloud(folder);
  rmSync(folder.stackFile, { force: true });
  rmSync(folder.dir, { recursive: true, force: true });
  say("removed the local desk, its stack, its state and the local cloud");
}

async function destroy(folder: LocalFolder, say: (line: string) => void): Promise<void> {
  const engine = await obtainEngine({ onProgress: say });
  const pulumi = await localPulumi(engine, folder);
  const cloud = await openCloud(folder, false);
  try {
    await pulumi.run(["cancel", "--yes"]); // a killed run leaves its lock
    await pulumi.run(["state", "unprotect", "--all", "--yes"]);
    const destroyed = await pulumi.run(["destroy", "--yes", "--skip-preview"]);
    // The cloud's whole state goes with the folder, so what could not be deleted is gone all the same.
    if (destroyed.code !== 0)
      say("the stack could not be destroyed in order; removing it as it is");
  } finally {
    await cloud.close();
  }
}
