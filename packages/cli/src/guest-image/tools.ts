import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The Debian package of each program that images take. */
const packageOf: Readonly<Record<string, string>> = { mmdebstrap: "mmdebstrap" };

/** Debian packages that are missing for these programs. */
function missingPackages(tools: readonly string[]): string[] {
  return tools.filter((tool) => !isOnPath(tool)).map((tool) => packageOf[tool] ?? tool);
}

/** Why images cannot be made here; undefined where they can. */
export function missingTools(tools: readonly string[]): string | undefined {
  if (process.platform !== "linux") return "images are made on Linux only";
  if (process.getuid?.() !== 0)
    return "needs root, for a root file system of its own; run it with sudo";
  const missing = missingPackages(tools);
  return missing.length === 0
    ? undefined
    : `needs Debian packages: apt-get install -y --no-install-recommends ${missing.join(" ")}`;
}

function isOnPath(tool: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
