import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that machines take, by the Debian package that has them. */
const programs = {
  nspawn: {
    "systemd-nspawn": "systemd-container",
    ip: "iproute2",
    nsenter: "util-linux",
    setpriv: "util-linux",
    losetup: "mount",
    "mkfs.ext4": "e2fsprogs",
  },
} as const;
const outboundPrograms = { slirp4netns: "slirp4netns" };

/** Debian packages that are missing for machines of that kind. */
export function missingPackages(kind: keyof typeof programs, outbound: boolean): string[] {
  const needed = { ...programs[kind], ...(outbound ? outboundPrograms : {}) };
  const missing = Object.entries(needed).filter(([program]) => !isOnPath(program));
  return [...new Set(missing.map(([, name]) => name))];
}

/** Why machines of that kind cannot run here; undefined where they can. */
export function whyNot(kind: keyof typeof programs, outbound: boolean): string | undefined {
  if (process.platform !== "linux") return "runs on Linux only";
  if (process.getuid?.() !== 0) return "needs root, for network namespaces and mounts";
  const missing = missingPackages(kind, outbound);
  return missing.length === 0
    ? undefined
    : `needs Debian packages: apt-get install -y --no-install-recommends ${missing.join(" ")}`;
}

/** Whether a program is where a shell would find it. */
export function isOnPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
