import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESK_TYPE } from "@bureau/desk";
import type { Command } from "../run-command.ts";
import type { CloudClient } from "./cloud.ts";
import type { Import, RepairPlan } from "./plan.ts";
import { type Export, without } from "./state.ts";

/** Runs the engine for this stack. */
export type Pulumi = (args: readonly string[], input?: string) => Promise<Command>;

export interface ApplyOptions {
  readonly pulumi: Pulumi;
  readonly cloud: CloudClient;
  readonly exported: Export;
  readonly onProgress: (line: string) => void;
}

/** @throws Error with the engine's or the cloud's own words; running it again goes on. */
export async function applyRepair(plan: RepairPlan, options: ApplyOptions): Promise<void> {
  const { pulumi, cloud, exported, onProgress } = options;
  // First, also when it changes nothing: it fails while an update runs, whose server this may be.
  await ok(pulumi, ["stack", "import"], JSON.stringify(without(exported, plan.stale)));
  if (plan.gone.length > 0) {
    onProgress("refreshing what the cloud no longer has");
    const targets = plan.gone.flatMap((urn) => ["--target", urn]);
    await ok(pulumi, ["refresh", "--yes", "--skip-preview", ...targets]);
  }
  for (const { id, name } of plan.deletions) {
    onProgress(`deleting the server "${name}" (${id})`);
    await cloud.deleteServer(id);
  }
  if (plan.imports.length > 0) {
    onProgress(`importing ${plan.imports.map(({ name }) => name).join(", ")}`);
    await importAll(pulumi, plan.imports);
  }
}

async function importAll(pulumi: Pulumi, imports: readonly Import[]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "bureau-repair-"));
  try {
    const file = join(dir, `${randomUUID()}.json`);
    await writeFile(file, JSON.stringify(importFile(imports)));
    await ok(pulumi, [
      "import",
      "--file",
      file,
      "--generate-code=false",
      // The program protects what it wants protected in the next up.
      "--protect=false",
      "--skip-preview",
      "--yes",
    ]);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** The input of `pulumi import --file`. */
function importFile(imports: readonly Import[]) {
  const desks = new Map(imports.map(({ desk }) => [desk.name, desk]));
  const known = [...desks.values()].filter(({ urn }) => urn !== undefined);
  const missing = [...desks.values()].filter(({ urn }) => urn === undefined);
  return {
    nameTable: Object.fromEntries(known.map(({ name, urn }) => [name, urn])),
    resources: [
      ...missing.map(({ name }) => ({ type: DESK_TYPE, name, component: true })),
      ...imports.map(({ type, name, id, desk }) => ({ type, name, id, parent: desk.name })),
    ],
  };
}

async function ok(pulumi: Pulumi, args: readonly string[], input?: string): Promise<void> {
  const { code, output } = await pulumi(args, input);
  if (code !== 0) {
    throw new Error(`pulumi ${args.slice(0, 2).join(" ")} exited with ${code}:\n${output.trim()}`);
  }
}
