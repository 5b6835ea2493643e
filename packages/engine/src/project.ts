import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { upwards } from "./requirements.ts";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** The Pulumi project file for a folder: there or in the nearest folder above, as the engine looks for it. */
export function projectFile(folder: string): string | undefined {
  return upwards(resolve(folder))
    .flatMap((above) => PROJECT_FILES.map((name) => join(above, name)))
    .find((path) => existsSync(path));
}

/** The folder of a project's program, which `main` in the project file may name. */
export function programFolder(project: string): string {
  const main = mainOf(readFileSync(project, "utf8"));
  if (main === undefined) return dirname(project);
  const program = resolve(dirname(project), main);
  return existsSync(program) && statSync(program).isFile() ? dirname(program) : program;
}

function mainOf(text: string): string | undefined {
  try {
    // YAML takes JSON too.
    const project: unknown = parse(text);
    if (typeof project !== "object" || project === null || !("main" in project)) return undefined;
    return typeof project.main === "string" ? project.main : undefined;
  } catch {
    // The engine reports a broken project file better than we could.
    return undefined;
  }
}
