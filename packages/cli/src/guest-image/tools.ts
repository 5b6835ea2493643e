import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The Debian package of each program that booting desks takes. */
const packageOf: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  slirp4netns: "slirp4netns",
  nft: "nftables",
  ip: "iproute2",
  ssh: "openssh-client",
  "mkfs.ext4": "e2fsprogs",
};
export const bootTools = Object.keys(packageOf);

/** Debian packages that are missing for these programs. */
export function missingPackages(tools: readonly string[]): string[] {
  return tools.filter((tool) => !isOnPath(tool)).map((tool) => packageOf[tool] ?? tool);
}

/** Why images cannot be made or booted here; undefined where they can. */
export function missingTools(tools: readonly string[]): string | undefined {
  if (process.platform !== "linux") return "desks boot on Linux only";
  if (process.getuid?.() !== 0) return "needs root, for namespaces and mounts; run it with sudo";
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
