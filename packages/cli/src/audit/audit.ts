import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { hunt } from "../hunt/hunt.ts";
import type { HuntReport, Place } from "../hunt/types.ts";
import type { Command } from "../run-command.ts";
import { collectSecrets } from "./secrets.ts";

export interface AuditOptions {
  /** Runs the engine for this stack, quietly. */
  readonly pulumi: (args: readonly string[]) => Promise<Command>;
  readonly env: NodeJS.ProcessEnv;
  /** The project's folder, or one below it. */
  readonly cwd: string;
  readonly stack: string;
  /** More folders to search. */
  readonly dirs?: readonly string[];
  /** Files and folders that are not searched. */
  readonly skip?: readonly Skipped[];
  /** What was printed. */
  readonly texts?: readonly { readonly label: string; readonly text: string }[];
}

export interface Skipped {
  readonly path: string;
  readonly why: string;
}

export interface AuditReport extends HuntReport {
  /** Program files, which hold no state, and what the caller left out. */
  readonly skipped: readonly Skipped[];
  /** What could not be searched here, in words. */
  readonly notes: readonly string[];
}

/**
 * Hunts a stack's secrets in all that Pulumi wrote for it: backend with history and backups, stack
 * file, PULUMI_HOME with its logs, the export, and whatever else is named.
 *
 * @throws Error when the engine cannot show the stack's secrets, e.g. for a wrong passphrase.
 */
export async function auditStack(options: AuditOptions): Promise<AuditReport> {
  const { pulumi, env, cwd, stack, dirs = [], skip = [], texts = [] } = options;
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await stdoutOf(pulumi, args));
  const project = projectOf(cwd);
  const file = stackFile(project, stack);
  const secrets = collectSecrets(
    await json("stack", "export", "--show-secrets"),
    await json("config", "--show-secrets", "--json"),
    existsSync(file) ? parse(readFileSync(file, "utf8"))?.config : undefined,
  );
  const home = env.PULUMI_HOME || join(env.HOME ?? homedir(), ".pulumi");
  const backend = backendFolder(backendUrl(env, project, home), env, cwd);
  const programs = [join(home, "plugins"), join(home, "bin")]
    .filter((path) => existsSync(path))
    .map((path) => ({ path, why: "program files" }));
  const skipped = [...programs, ...skip];
  const places: Place[] = [
    ...(backend === undefined ? [] : [{ label: "backend", path: backend }]),
    // Their absence leaks nothing; that of what the caller names is told.
    ...[
      { label: "stack file", path: file },
      { label: "Pulumi home", path: home },
    ].filter(({ path }) => existsSync(path)),
    ...dirs.map((path) => ({ label: path, path: resolve(cwd, path) })),
  ];
  const exported = { label: "stack export", text: await stdoutOf(pulumi, ["stack", "export"]) };
  const report = await hunt({
    secrets,
    places,
    texts: [exported, ...texts],
    skip: skipped.map(({ path }) => path),
  });
  const notes =
    backend === undefined
      ? ["the backend is no folder of this machine; its export was searched"]
      : [];
  return { ...report, skipped, notes };
}

async function stdoutOf(pulumi: AuditOptions["pulumi"], args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args);
  // stderr only: stdout of these commands is where the secrets are.
  if (code !== 0)
    throw new Error(`pulumi ${args.slice(0, 2).join(" ")} exited with ${code}: ${stderr.trim()}`);
  return stdout;
}

interface Project {
  readonly dir: string;
  readonly stackConfigDir: string;
  readonly backendUrl: string | undefined;
}

function projectOf(cwd: string): Project {
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"]
      .map((name) => join(dir, name))
      .find((path) => existsSync(path));
    if (file !== undefined) {
      const { stackConfigDir, config, backend } = parse(readFileSync(file, "utf8")) as {
        stackConfigDir?: string;
        config?: unknown;
        backend?: { url?: string };
      };
      const configDir = stackConfigDir ?? (typeof config === "string" ? config : ".");
      return { dir, stackConfigDir: configDir, backendUrl: backend?.url };
    }
    if (dir === dirname(dir)) throw new Error(`no Pulumi.yaml in ${cwd} or above it`);
  }
}

function stackFile({ dir, stackConfigDir }: Project, stack: string): string {
  return join(dir, stackConfigDir, `Pulumi.${stack.split("/").at(-1)}.yaml`);
}

/** The backend as the engine chooses it: environment, project, the last `pulumi login`. */
function backendUrl(env: NodeJS.ProcessEnv, project: Project, home: string): string | undefined {
  const credentials = join(home, "credentials.json");
  if (env.PULUMI_BACKEND_URL) return env.PULUMI_BACKEND_URL;
  if (project.backendUrl !== undefined) return project.backendUrl;
  if (!existsSync(credentials)) return undefined;
  const { current } = JSON.parse(readFileSync(credentials, "utf8")) as { current?: string };
  return current;
}

/** A relative file:// counts from where the engine runs, not from the project. */
function backendFolder(
  url: string | undefined,
  env: NodeJS.ProcessEnv,
  cwd: string,
): string | undefined {
  if (url === undefined || !url.startsWith("file://")) return undefined;
  const path = url.slice("file://".length).split("?")[0] ?? "";
  return resolve(cwd, decodeURIComponent(path.replace(/^~/, env.HOME ?? homedir())));
}
