import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Answers } from "./answers.ts";
import type { LocalCloud } from "./cloud.ts";
import { readChanges } from "./events.ts";
import type { LocalFolder } from "./folder.ts";
import type { LocalPulumi } from "./pulumi.ts";
import { undoOnFailure, writeConfig } from "./stack-file.ts";

export interface UpOptions {
  readonly folder: LocalFolder;
  readonly cloud: LocalCloud;
  readonly token: string;
  readonly pulumi: LocalPulumi;
  readonly answers: Answers;
  /** npm registry that the desk installs from. */
  readonly registry: string;
  /** Public SSH key of the owner, for a desk that boots. */
  readonly ownersKey: string | undefined;
  /** Gets the engine's words and ours. */
  readonly out: Writable;
}

/**
 * Brings the stack to what config and answers say: the preview is shown, then applied.
 *
 * @returns whether anything was changed.
 * @throws Error when preview or update fails; config that did not pass its preview is undone.
 */
export async function bringUp(options: UpOptions): Promise<boolean> {
  const { folder, pulumi, out } = options;
  mkdirSync(folder.events, { recursive: true, mode: 0o700 });
  const eventLog = join(folder.events, "preview.json");
  const isNew = !existsSync(folder.stackFile);
  if (isNew) await createStack(options);

  const changes = await undoOnFailure(folder.stackFile, async () => {
    await applyAnswers(options);
    rmSync(eventLog, { force: true });
    // A first preview lists what is made; a later one shows what changes in it, as a reviewer reads it.
    const detail = isNew ? [] : ["--diff"];
    await pulumi.ok(["preview", ...detail, "--event-log", eventLog], { echo: out });
    return readChanges(eventLog);
  });
  if (changes === 0) {
    out.write("no changes\n");
    return false;
  }
  await pulumi.ok(
    ["up", "--yes", "--skip-preview", "--event-log", join(folder.events, "up.json")],
    {
      echo: out,
    },
  );
  return true;
}

async function createStack(options: UpOptions): Promise<void> {
  const { folder, pulumi, token, cloud, registry, ownersKey } = options;
  // A run that was cut off between the two leaves the stack in the backend without its file.
  await pulumi.run(["stack", "rm", "--force", "--yes"]);
  await pulumi.ok(["stack", "init"]);
  await undoOnFailure(folder.stackFile, async () => {
    await pulumi.ok(["config", "set", "--secret", "hcloud:token"], { input: token });
    writeConfig(folder.stackFile, {
      "hcloud:endpoint": cloud.url,
      "bureau:agent": { registry },
      ...(ownersKey === undefined ? {} : { "bureau:access": localAccess(ownersKey) }),
    });
  });
}

async function applyAnswers({ folder, cloud, pulumi, answers }: UpOptions): Promise<void> {
  const { provider, model, apiKey } = answers;
  writeConfig(folder.stackFile, {
    "hcloud:endpoint": cloud.url,
    "hcloud:endpointHetzner": cloud.url,
    ...(provider === undefined ? {} : { "bureau:provider": provider }),
    ...(model === undefined ? {} : { "bureau:model": model }),
  });
  if (apiKey !== undefined)
    await pulumi.ok(["config", "set", "--secret", "bureau:apiKey"], { input: apiKey });
}

/** The local desk is reached from this machine alone. */
function localAccess(ownersKey: string): object {
  return { ssh: { publicKeys: [ownersKey], allowFrom: ["127.0.0.0/8"] } };
}
