import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { runCommand } from "../run-command.ts";
import type { DeskLogin } from "./login.ts";
import { sshArguments } from "./login.ts";

const statusSchema = z.object({ healthy: z.boolean(), problems: z.array(z.string()) });

const secondsToReady = 600;
const secondsBetween = 1;

/**
 * Asks the desk for its status, the owner's way, until it is healthy; tells what it still lacks.
 *
 * @throws Error with the desk's own words when that takes too long.
 */
export async function waitUntilReady(login: DeskLogin, say: (line: string) => void): Promise<void> {
  const end = Date.now() + secondsToReady * 1000;
  let last = "";
  for (;;) {
    const lacking = await problems(login);
    if (lacking.length === 0) return;
    const words = lacking.join("; ");
    if (words !== last) say(`waiting for the desk: ${words}`);
    last = words;
    if (Date.now() > end) throw new Error(`the desk is not ready: ${words}`);
    await delay(secondsBetween * 1000);
  }
}

async function problems(login: DeskLogin): Promise<string[]> {
  const { stdout } = await runCommand("ssh", [...sshArguments(login), "status"], {
    cwd: "/",
    env: process.env,
  });
  try {
    const status = statusSchema.parse(JSON.parse(stdout));
    return status.healthy ? [] : status.problems;
  } catch {
    return ["it cannot be reached yet"];
  }
}
