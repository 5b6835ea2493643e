import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { withLock } from "./lock.ts";
import { engineVersion } from "./on-path.ts";
import type { Engine } from "./types.ts";

const DOWNLOAD_SITE = "https://get.pulumi.com/install.sh";
/** A site that says nothing for this long is taken to be out of reach. */
const ANSWER_WITHIN_MS = 10_000;

/** The engine that an earlier run downloaded. */
export async function downloadedEngine(
  cache: string,
  env: NodeJS.ProcessEnv,
): Promise<Engine | undefined> {
  const cli = join(folderOf(cache), "bin", "pulumi");
  if (!existsSync(cli)) return undefined;
  const version = await engineVersion(cli, env);
  return version === undefined ? undefined : { origin: "official", version, cli, plugins: [] };
}

/**
 * Downloads the official engine of the SDK's version by the Automation API. Undefined when the site
 * does not answer or the installation fails: then there is another way.
 */
export async function downloadEngine(
  cache: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<Engine | undefined> {
  progress(`looking for the official download of Pulumi ${sdkVersion}`);
  if (!(await answers(DOWNLOAD_SITE))) {
    progress("the official download is not reachable from here");
    return undefined;
  }
  return withLock(folderOf(cache), progress, async () => {
    const present = await downloadedEngine(cache, env);
    if (present !== undefined) return present;
    return (await install(cache, progress)) ? downloadedEngine(cache, env) : undefined;
  });
}

async function install(cache: string, progress: (line: string) => void): Promise<boolean> {
  const root = `${folderOf(cache)}.partial`;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  try {
    progress(`downloading Pulumi ${sdkVersion}`);
    // Loaded here because it takes a second.
    const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
    await PulumiCommand.install({ root });
    renameSync(root, folderOf(cache));
    return true;
  } catch (error) {
    progress(`the official download failed: ${firstLine(error)}`);
    return false;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "HEAD",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function folderOf(cache: string): string {
  return join(cache, `official-${sdkVersion}`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
