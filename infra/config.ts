import {
  type DeskArgs,
  DeskInputError,
  type DeskIssue,
  deskName,
  environmentIssues,
  nearest,
  parseSettings,
} from "@bureau/desk";
import * as pulumi from "@pulumi/pulumi";

/** Keys of the stack's config, and where each one goes in DeskArgs. Everything else is a typo. */
const texts = ["serverType", "location", "image", "hostname", "delivery"] as const;
const values = [
  "embeddings",
  "data",
  "access",
  "agent",
  "labels",
  "rotation",
  "readyTimeoutSeconds",
  "allowUnlisted",
] as const;
const ofProvider = {
  provider: "name",
  apiKey: "apiKey",
  model: "model",
  fallbackModels: "fallbackModels",
} as const;
export const configKeys = [...Object.keys(ofProvider), ...texts, ...values];

/**
 * Reads the stack's config into the args of its desk.
 *
 * @throws pulumi.RunError with one line for each problem, each naming the config key and the
 * command that sets it.
 */
export function deskArgs(): DeskArgs {
  const config = new pulumi.Config("bureau");
  const hostname = config.get("hostname") ?? pulumi.getStack();
  const args = {
    provider: dropUndefined({
      name: config.get("provider"),
      // Plain only on its way to Desk, which wraps it: so every problem is found in one go.
      apiKey: config.get("apiKey"),
      model: config.get("model"),
      fallbackModels: config.getObject("fallbackModels"),
    }),
    ...dropUndefined(Object.fromEntries(texts.map((key) => [key, config.get(key)]))),
    ...dropUndefined(Object.fromEntries(values.map((key) => [key, config.getObject(key)]))),
    hostname,
  };
  const problems = [
    ...environmentIssues().map(({ path, rule, remedy }) => `${path.join(".")}: ${rule}. ${remedy}`),
    ...unknownKeys(),
    ...unencryptedKeys(),
    ...settingsProblems(hostname, args),
  ];
  if (problems.length > 0) throw refusal(deskName(pulumi.getStack(), args), problems);
  return args as unknown as DeskArgs; // parseSettings has just found that it is one
}

function refusal(desk: string, problems: readonly string[]): pulumi.RunError {
  const lines = problems.map((problem) => `desk "${desk}": ${problem}`);
  const error = new pulumi.RunError(lines.join("\n"));
  error.stack = ""; // as in DeskInputError, whose comment says why
  return error;
}

function dropUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function unknownKeys(): string[] {
  return setKeys()
    .filter((key) => !configKeys.includes(key))
    .map((key) => {
      const near = nearest(key, configKeys);
      const hint = near === undefined ? "" : ` Did you mean bureau:${near}?`;
      return `bureau:${key}: is not a setting of a desk.${hint} Remove it with: pulumi config rm bureau:${key}`;
    });
}

/** A key in plain text in a stack file is already leaked to whoever reads the repository. */
function unencryptedKeys(): string[] {
  const embeddings = new pulumi.Config("bureau").getObject<{ apiKey?: unknown }>("embeddings");
  const present = {
    apiKey: new pulumi.Config("bureau").get("apiKey") !== undefined,
    embeddings: embeddings?.apiKey !== undefined,
  };
  // How the engine tells the program which keys are secret; the SDK has no public word for it.
  const secret: unknown[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]");
  const paths = { apiKey: ["apiKey"], embeddings: ["embeddings", "apiKey"] } as const;
  return (["apiKey", "embeddings"] as const)
    .filter((key) => present[key] && !secret.includes(`bureau:${key}`))
    .map(
      (key) =>
        `bureau:${paths[key].join(".")}: is in plain text in the stack file. ` +
        `Treat that key as leaked, revoke it, and set a new one with: ${setCommand(paths[key])}`,
    );
}

function settingsProblems(hostname: string, args: unknown): string[] {
  try {
    parseSettings(hostname, args);
    return [];
  } catch (error) {
    if (!(error instanceof DeskInputError)) throw error;
    return error.issues.map(inConfigTerms);
  }
}

/** Says an issue of DeskArgs in the terms of the stack's config. */
export function inConfigTerms(issue: DeskIssue): string {
  const path = configPath(issue.path);
  return `bureau:${joinPath(path)}: ${issue.rule}. ${issue.remedy} Set it with: ${setCommand(path)}`;
}

type Path = readonly (string | number)[];

function configPath(path: Path): Path {
  const [group, field, ...rest] = path;
  if (group !== "provider") return path;
  const entry = Object.entries(ofProvider).find(([, target]) => target === field);
  return entry === undefined ? ["provider"] : [entry[0], ...rest];
}

function joinPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${part}`))
    .join("");
}

function setCommand(path: Path): string {
  const secret = path.at(-1) === "apiKey" ? ["--secret"] : [];
  const nested = path.length > 1 ? ["--path"] : [];
  // A secret is asked for at the terminal or read from stdin, never typed as an argument.
  const value = secret.length > 0 ? [] : ["VALUE"];
  const key = nested.length > 0 ? `'bureau:${joinPath(path)}'` : `bureau:${joinPath(path)}`;
  return ["pulumi config set", ...nested, ...secret, key, ...value].join(" ");
}

function setKeys(): string[] {
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith("bureau:"))
    .map((key) => key.slice("bureau:".length));
}
