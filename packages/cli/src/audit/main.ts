import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../engine.ts";
import { auditStack } from "./audit.ts";
import { renderAudit } from "./render.ts";

const usage = "npm run audit -- --stack NAME [--dir DIR ...] [-C DIR]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: { stack: string; dirs: string[]; cwd: string };
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`audit: ${messageOf(error)}. Usage: ${usage}\n`);
    return 2;
  }
  try {
    const { stack, dirs, cwd } = options;
    const engine = await openEngine({ cwd, env: process.env, stack });
    const report = await auditStack({ ...engine, cwd, stack, dirs });
    process.stdout.write(renderAudit(report));
    return report.findings.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`audit: ${messageOf(error)}\n`);
    return 1;
  }
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", short: "s" },
      dir: { type: "string", multiple: true, default: [] },
      cwd: { type: "string", short: "C", default: "." },
    },
  });
  if (!values.stack) throw new Error("--stack is missing");
  const from = process.env.INIT_CWD ?? process.cwd();
  return {
    stack: values.stack,
    dirs: values.dir.map((dir) => resolve(from, dir)),
    cwd: resolve(from, values.cwd),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
