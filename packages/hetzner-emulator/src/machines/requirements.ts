import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that machines take, by the Debian package that has them. */
const shared = {
  ip: "iproute2",
  nsenter: "util-linux",
  setpriv: "util-linux",
  losetup: "mount",
  "mkfs.ext4": "e2fsprogs",
};
const programs: Record<MachineKind, Readonly<Record<string, string>>> = {
  nspawn: { ...shared, "systemd-nspawn": "systemd-container" },
  qemu: { ...shared, "qemu-system-x86_64": "qemu-system-x86", dnsmasq: "dnsmasq-base" },
};
const outboundPrograms: Record<MachineKind, Readonly<Record<string, string>>> = {
  nspawn: { slirp4netns: "slirp4netns" },
  qemu: { slirp4netns: "slirp4netns", nft: "nftables" },
};

export type MachineKind = "nspawn" | "qemu";

/** Debian packages that are missing for machines of that kind. */
export function missingPackages(kind: MachineKind, outbound: boolean): string[] {
  const needed = { ...programs[kind], ...(outbound ? outboundPrograms[kind] : {}) };
  const missing = Object.entries(needed).filter(([program]) => !isOnPath(program));
  return [...new Set(missing.map(([, name]) => name))];
}

/** Why machines of that kind cannot run here; undefined where they can. */
export function whyNot(kind: MachineKind, outbound: boolean): string | undefined {
  if (process.platform !== "linux") return "runs on Linux only";
  if (process.getuid?.() !== 0) return "needs root, for network namespaces and mounts";
  if (kind === "qemu" && process.arch !== "x64") return "runs on x86-64 only";
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
