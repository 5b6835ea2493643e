import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { whyNoImages } from "@bureau/cli";
import { EngineUnavailableError, obtainEngine } from "@bureau/engine";
import { type Counts, closingLine } from "@bureau/testkit/reporter";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");

export type Tier = "unit" | "engine" | "guest" | "slow";

/**
 * Runs the tiers that can run here, in one vitest run, and prints the closing line. A tier that
 * cannot run counts its tests as skipped, or as failed where BUREAU_REQUIRE names it.
 *
 * @returns the exit code: 1 when anything failed.
 */
export async function runTiers(tiers: readonly Tier[], args: readonly string[]): Promise<number> {
  const reasons = new Map<Tier, string | undefined>();
  for (const tier of tiers) reasons.set(tier, await whyNot[tier]());
  const runnable = tiers.filter((tier) => reasons.get(tier) === undefined);
  const counts =
    runnable.length > 0 ? await runVitest(runnable, args) : { passed: 0, failed: 0, skipped: 0 };

  const required = (process.env.BUREAU_REQUIRE ?? "").split(",");
  for (const tier of tiers.filter((candidate) => !runnable.includes(candidate))) {
    const tests = countTests(tier, args);
    const outcome = required.includes(tier) ? "failed" : "skipped";
    counts[outcome] += tests;
    process.stderr.write(
      `\nTIER ${tier.toUpperCase()} DID NOT RUN: ${tests} tests ${outcome}.\n${reasons.get(tier)}\n\n`,
    );
  }
  process.stdout.write(`${closingLine(counts)}\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** Why a tier cannot run here; undefined where it can. */
const whyNot: Readonly<Record<Tier, () => Promise<string | undefined>>> = {
  unit: async () => undefined,
  engine: engineProblem,
  guest: async () => whyNoImages("nspawn"),
  slow: engineProblem,
};

async function engineProblem(): Promise<string | undefined> {
  try {
    await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
    return undefined;
  } catch (error) {
    if (error instanceof EngineUnavailableError) return error.message;
    throw error;
  }
}

function projects(tiers: readonly Tier[]): string[] {
  return tiers.flatMap((tier) => ["--project", tier]);
}

async function runVitest(tiers: readonly Tier[], args: readonly string[]): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), "bureau-tests-"));
  const file = join(dir, "counts.json");
  try {
    const reporters = ["--reporter=default", "--reporter=@bureau/testkit/reporter"];
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [vitest, "run", ...projects(tiers), ...reporters, ...args],
        {
          cwd: root,
          stdio: "inherit",
          env: { ...process.env, BUREAU_TEST_COUNTS: file },
        },
      );
      for (const signal of ["SIGINT", "SIGTERM"] as const)
        process.on(signal, () => child.kill(signal));
      child.on("error", reject);
      child.on("close", resolve);
    });
    const counts = readCounts(file);
    // vitest can fail without a failed test, as when nothing matched or a worker died.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function countTests(tier: Tier, args: readonly string[]): number {
  const list = spawnSync(
    process.execPath,
    [vitest, "list", "--json", ...projects([tier]), ...args],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return (JSON.parse(list.stdout) as unknown[]).length;
}
