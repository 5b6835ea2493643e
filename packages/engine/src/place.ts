import { existsSync } from "node:fs";
import { join } from "node:path";
import { placeFile } from "./place-file.ts";
import { programFolder, projectFile } from "./project.ts";
import { executableOf } from "./recipe.ts";
import { type Requirement, requiredPlugins } from "./requirements.ts";
import type { Engine, Plugin } from "./types.ts";

interface PlaceOptions {
  /** The folder that the engine knows as PULUMI_HOME; made when it is not there. */
  pulumiHome: string;
  /** A folder inside a Pulumi project. */
  programDir: string;
}

/**
 * Puts the plugins of a built engine where the engine looks for them, under the versions that the
 * program asks for, and under their own labels. Does nothing for an official engine, which
 * downloads its plugins. Safe when several runs do it at once.
 *
 * @example
 * await placePlugins(engine, { pulumiHome: join(dir, "home"), programDir: dir });
 */
export async function placePlugins(engine: Engine, options: PlaceOptions): Promise<void> {
  const resources = engine.plugins.filter((plugin) => plugin.kind === "resource");
  if (resources.length === 0) return;
  const asked = askedFor(options.programDir);
  for (const { plugin, version } of placements(resources, asked)) {
    const folder = `resource-${plugin.name}-v${version}`;
    const target = join(options.pulumiHome, "plugins", folder, executableOf(plugin.name));
    placeFile(plugin.path, target);
  }
}

/** Each plugin under its own label, and under each other version that is asked for. */
export function placements(
  plugins: readonly Plugin[],
  asked: readonly Requirement[],
): { plugin: Plugin; version: string }[] {
  return plugins.flatMap((plugin) => {
    const versions = asked.filter(({ name }) => name === plugin.name).map(({ version }) => version);
    return [...new Set([plugin.label, ...versions])].map((version) => ({ plugin, version }));
  });
}

function askedFor(programDir: string): Requirement[] {
  const project = projectFile(programDir);
  const folder = project === undefined ? programDir : programFolder(project);
  return existsSync(folder) ? requiredPlugins(folder) : [];
}
