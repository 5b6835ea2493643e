import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { confirm } from "@inquirer/prompts";
import { openEngine } from "../engine.ts";
import { applyRepair, type Pulumi } from "./apply.ts";
import { createCloudClient } from "./cloud.ts";
import { readCloudAccess, readHostname } from "./config.ts";
import { isEmpty, planRepair, types } from "./plan.ts";
import { renderPlan } from "./render.ts";
import { idsOf, parseExport, stateOf } from "./state.ts";

const usage = "npm run repair -- --stack NAME [--yes] [-C DIR]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: { stack: string; yes: boolean; cwd: string };
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`repair: ${messageOf(error)}. Usage: ${usage}\n`);
    return 2;
  }
  try {
    return await repair(options);
  } catch (error) {
    process.stderr.write(`repair: ${messageOf(error)}\n`);
    return 1;
  }
}

async function repair({ stack, yes, cwd }: { stack: string; yes: boolean; cwd: string }) {
  const { pulumi, env } = await openEngine({ cwd, env: process.env, stack });
  const exported = parseExport(await stdoutOf(pulumi, ["stack", "export"]));
  const config = await stdoutOf(pulumi, ["config", "--show-secrets", "--json"]);
  const access = readCloudAccess(config, env);
  const cloud = createCloudClient(access.url, access.token);
  const hostname = readHostname(config) ?? stack.split("/").at(-1) ?? stack;
  const state = stateOf(exported);
  const found = await cloud.read(stack.split("/").at(-1) ?? stack, {
    servers: idsOf(state, types.server),
    volumes: idsOf(state, types.volume),
  });
  const plan = planRepair(state, found, hostname);

  process.stdout.write(`repair of stack ${stack}:\n${renderPlan(plan)}`);
  if (isEmpty(plan)) return 0;
  if (!yes) {
    if (!process.stdin.isTTY) {
      process.stderr.write("repair: nobody to ask here: --yes does it. Nothing was changed\n");
      return 2;
    }
    if (!(await confirm({ message: "Do it?", default: false }))) return 1;
  }
  await applyRepair(plan, {
    pulumi,
    cloud,
    exported,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write("repaired; `pulumi up` goes on from here\n");
  return 0;
}

async function stdoutOf(pulumi: Pulumi, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args);
  // stderr only: stdout of these commands may have secrets.
  if (code === 0) return stdout;
  throw new Error(`pulumi ${args.slice(0, 2).join(" ")} exited with ${code}: ${stderr.trim()}`);
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", short: "s" },
      yes: { type: "boolean", short: "y", default: false },
      cwd: { type: "string", short: "C", default: "." },
    },
  });
  if (!values.stack) throw new Error("--stack is missing");
  const from = process.env.INIT_CWD ?? process.cwd();
  return { stack: values.stack, yes: values.yes, cwd: resolve(from, values.cwd) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
