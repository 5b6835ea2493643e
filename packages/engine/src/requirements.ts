import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** A provider plugin that a program asks for. */
export interface Requirement {
  readonly name: string;
  readonly version: string;
}

interface Manifest {
  readonly version?: unknown;
  readonly pulumi?: unknown;
  readonly [field: string]: unknown;
}

const DEPENDENCY_FIELDS = ["dependencies", "peerDependencies", "optionalDependencies"] as const;

/**
 * The plugins that the packages of a program ask for: every package that Node would resolve from
 * the program's folder, directly or through another package, and that says `"pulumi": {"resource":
 * true}`. Hoisted packages and workspaces are found as Node finds them.
 */
export function requiredPlugins(programFolder: string): Requirement[] {
  const found = new Map<string, Requirement>();
  const seen = new Set<string>();
  const visit = (folder: string, fields: readonly string[]) => {
    const real = realpathSync(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const manifest = readManifest(real);
    const requirement = requirementOf(manifest);
    if (requirement !== undefined) {
      found.set(`${requirement.name}@${requirement.version}`, requirement);
    }
    for (const name of dependencyNames(manifest, fields)) {
      const dependency = resolvePackage(name, real);
      if (dependency !== undefined) visit(dependency, DEPENDENCY_FIELDS);
    }
  };
  const root = nearestManifest(programFolder);
  if (root !== undefined) visit(root, [...DEPENDENCY_FIELDS, "devDependencies"]);
  return [...found.values()];
}

/** What the manifest of a Pulumi SDK asks for; undefined for any other package. */
export function requirementOf(manifest: Manifest): Requirement | undefined {
  const { pulumi } = manifest;
  if (!isRecord(pulumi) || pulumi.resource !== true || typeof pulumi.name !== "string") {
    return undefined;
  }
  const version = pulumi.version ?? manifest.version;
  if (typeof version !== "string") return undefined;
  return { name: pulumi.name, version: version.replace(/^v/, "") };
}

function dependencyNames(manifest: Manifest, fields: readonly string[]): string[] {
  return fields.flatMap((field) => {
    const names = manifest[field];
    return isRecord(names) ? Object.keys(names) : [];
  });
}

function resolvePackage(name: string, from: string): string | undefined {
  return upwards(from)
    .map((folder) => join(folder, "node_modules", name))
    .find((folder) => existsSync(join(folder, "package.json")));
}

function nearestManifest(from: string): string | undefined {
  return upwards(from).find((folder) => existsSync(join(folder, "package.json")));
}

/** A folder and all those above it. */
export function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function readManifest(folder: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return isRecord(manifest) ? manifest : {};
  } catch {
    // A broken package.json is for npm and Node to complain about.
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
