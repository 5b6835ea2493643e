import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";

type StackFile = { config?: Record<string, unknown> } & Record<string, unknown>;

/** The plain part of a stack's config; what is encrypted stays as it is. */
export function readConfig(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  return (parse(readFileSync(file, "utf8")) as StackFile | null)?.config ?? {};
}

/** Sets plain values; null takes a key away. */
export function writeConfig(file: string, values: Record<string, unknown>): void {
  const content = existsSync(file) ? (parse(readFileSync(file, "utf8")) as StackFile | null) : null;
  const config = Object.fromEntries(
    Object.entries({ ...content?.config, ...values }).filter(([, value]) => value !== null),
  );
  writeFileSync(file, stringify({ ...content, config }));
}

/** Runs `work`, and puts the file back as it was when that fails. */
export async function undoOnFailure<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = existsSync(file) ? readFileSync(file) : undefined;
  try {
    return await work();
  } catch (error) {
    if (before === undefined) rmSync(file, { force: true });
    else writeFileSync(file, before);
    throw error;
  }
}

/** The desk as the last run left it; undefined before the first. */
export function presentDesk(
  file: string,
  demoKey: boolean,
): { provider: string; demoKey: boolean } | undefined {
  const config = readConfig(file);
  const provider = config["bureau:provider"];
  if (typeof provider !== "string" || config["bureau:apiKey"] === undefined) return undefined;
  return { provider, demoKey };
}
