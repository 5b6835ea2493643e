import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildInputs, buildKey } from "./build-key.ts";
import { EngineUnavailableError } from "./errors.ts";
import { goEnvironment } from "./go.ts";
import { untilSignal } from "./interrupt.ts";
import { withLock } from "./lock.ts";
import { BUILD_FOLDER, type Part } from "./parts.ts";
import { run } from "./process.ts";
import { type Progress, startProgress } from "./progress.ts";
import { OUT, recipe, type Step } from "./recipe.ts";

/** The folder in which a part is kept once it is built. */
export function builtFolder(cache: string, module: Part["module"]): string {
  const steps = recipe(module).map((step) => [step.program, ...step.args].join("\0"));
  const platform = `${process.platform}-${process.arch}`;
  const key = buildKey(buildInputs(join(BUILD_FOLDER, module)), steps, platform);
  return join(cache, `${module}-${key}`);
}

/**
 * Builds a part unless it is there. Everything happens beside the final folder, which appears
 * whole by one rename: an interrupted build leaves only what the next one clears away.
 */
export async function buildPart(
  cache: string,
  part: Part,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<void> {
  const target = builtFolder(cache, part.module);
  if (existsSync(target)) return;
  await withLock(target, progress, async () => {
    if (existsSync(target)) return;
    const work = `${target}.partial`;
    rmSync(work, { recursive: true, force: true });
    try {
      copyInputs(part.module, work);
      await untilSignal((signal) => runSteps(part, work, env, progress, signal));
      renameSync(join(work, OUT), target);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

function copyInputs(module: Part["module"], work: string): void {
  for (const [name, content] of buildInputs(join(BUILD_FOLDER, module))) {
    const path = join(work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  mkdirSync(join(work, OUT), { recursive: true });
}

async function runSteps(
  part: Part,
  work: string,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const progress = startProgress(part, tell);
  try {
    for (const step of recipe(part.module)) {
      progress.step(step.title);
      await runStep(step, { work, env, progress, signal });
    }
    progress.done();
  } finally {
    progress.stop();
  }
}

interface StepContext {
  work: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
}

async function runStep(step: Step, { work, env, progress, signal }: StepContext): Promise<void> {
  const result = await run(step.program === "go" ? "go" : join(work, step.program), step.args, {
    cwd: work,
    env: goEnvironment(env),
    signal,
    onErrorLine: progress.line,
  });
  signal.throwIfAborted();
  if (result.code === 0) return;
  throw new EngineUnavailableError(
    `The Pulumi engine could not be built from Go modules: building ${step.title} failed.\n` +
      `${lastLines(result.stderr)}\n` +
      "Go needs to reach its module proxy (GOPROXY). Or install Pulumi itself: https://www.pulumi.com/docs/install/",
  );
}

/** The end of what go said, where the error is; the names of compiled packages have no spaces. */
function lastLines(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.includes(" "));
  return lines
    .slice(-5)
    .map((line) => `  ${line.trim()}`)
    .join("\n");
}
