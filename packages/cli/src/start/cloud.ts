import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type LocalFolder, localToken } from "./folder.ts";
import { startLocalCloud } from "./local-cloud.ts";

/** The local cloud as one run sees it. */
export interface LocalCloud {
  readonly url: string;
  readonly port: number;
  /** Set when it goes on running after this command. */
  readonly background: boolean;
  close(): Promise<void>;
}

export const processSchema = z.strictObject({ pid: z.int().positive(), url: z.url() });

/** Uses the cloud that an earlier `--keep` left running, else starts one that ends with this run. */
export async function openCloud(folder: LocalFolder, keep: boolean): Promise<LocalCloud> {
  const running = await runningCloud(folder);
  if (running !== undefined) return running;
  if (keep) return startInBackground(folder);
  const cloud = await startLocalCloud(folder);
  return {
    url: cloud.url,
    port: portOf(cloud.url),
    background: false,
    close: () => cloud.close(),
  };
}

/** Answers only for a process that speaks with this checkout's token, so never for a stranger's. */
export async function runningCloud(folder: LocalFolder): Promise<LocalCloud | undefined> {
  const known = readProcess(folder);
  if (known === undefined || !(await answers(known.url, localToken(folder)))) return undefined;
  return {
    url: known.url,
    port: portOf(known.url),
    background: true,
    close: async () => undefined,
  };
}

/** Ends the cloud that `--keep` left running, and waits until it has written its state. */
export async function stopBackgroundCloud(folder: LocalFolder): Promise<void> {
  const known = readProcess(folder);
  // A pid alone proves nothing after a reboot: only what answers with our token is ours to end.
  if (known !== undefined && (await answers(known.url, localToken(folder)))) {
    process.kill(known.pid, "SIGTERM");
    // Its last act is to remove the file; a process killed from outside never gets to that.
    while (existsSync(folder.cloudProcess) && isAlive(known.pid)) await delay(50);
  }
  rmSync(folder.cloudProcess, { force: true });
}

async function startInBackground(folder: LocalFolder): Promise<LocalCloud> {
  const log = openSync(folder.cloudLog, "a", 0o600);
  const entry = fileURLToPath(new URL("./cloud-main.ts", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, entry, folder.dir], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH },
  });
  closeSync(log);
  child.unref();
  let failed = false;
  child.on("error", () => {
    failed = true;
  });
  child.on("exit", () => {
    failed = true;
  });
  for (;;) {
    const running = await runningCloud(folder);
    if (running !== undefined) return running;
    if (failed)
      throw new Error(`the local cloud did not start; its messages are in ${folder.cloudLog}`);
    await delay(50);
  }
}

function readProcess(folder: LocalFolder): z.output<typeof processSchema> | undefined {
  if (!existsSync(folder.cloudProcess)) return undefined;
  return processSchema.parse(JSON.parse(readFileSync(folder.cloudProcess, "utf8")));
}

async function answers(url: string, token: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/locations`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(2000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
