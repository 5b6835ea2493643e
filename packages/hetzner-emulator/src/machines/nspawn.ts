import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BootingMachines, type BootingOptions, bootingMachines } from "./booting.ts";
import { bootContainer, type Container } from "./container.ts";
import type { Hypervisor, Seed } from "./hypervisor.ts";
import { decodeUserData, vendorData } from "./metadata.ts";
import { type Ran, run } from "./run.ts";
import { trust } from "./trust.ts";
import { addVolumeUnits } from "./volume-units.ts";
import type { World } from "./world.ts";

export interface NspawnOptions extends BootingOptions {
  /** Where an attached volume is mounted, as a container ignores fstab's devices. @default - nowhere */
  readonly volumeAt?: string;
}

export interface NspawnMachines extends BootingMachines<Container> {
  /**
   * Runs a program in the server, as root.
   *
   * @throws Error when the server does not run.
   */
  exec(serverId: number, command: readonly string[], input?: string): Promise<Ran>;
  /** Where a running server's whole file system is seen from this machine. */
  root(serverId: number): string;
}

/**
 * Servers that boot, as containers of systemd-nspawn. Needs root and Linux; the image's folder has its
 * root file system in `rootfs`.
 *
 * @example
 * const machines = nspawnMachines({ image: "/var/images/debian-13" });
 * const cloud = await createEmulator({ machines });
 */
export function nspawnMachines({ volumeAt, ...options }: NspawnOptions): NspawnMachines {
  const machines = bootingMachines(nspawn(volumeAt), options);
  return {
    ...machines,
    exec: async (serverId, command, input) => machines.guest(serverId).exec(command, input),
    root: (serverId) => `/proc/${machines.guest(serverId).leader}/root`,
  };
}

/** The root disk is a layer over the image's root file system, which is not copied. */
function nspawn(volumeAt: string | undefined): Hypervisor<Container> {
  return {
    rootDisk: "rootfs",
    formatsVolumes: true,
    async makeDisk(home, _, seed) {
      for (const folder of ["upper", "work", "merged", "volumes", "seed"])
        mkdirSync(join(home, folder), { mode: 0o755 });
      writeSeed(join(home, "seed"), seed);
    },
    async boot({ home, network, world }) {
      await addToLayer(home, world, volumeAt);
      return bootContainer(home, imageOf(home), network, world.outbound);
    },
    async copyDisk(home, target) {
      const script =
        'mount -t overlay overlay "$1/merged" -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work"; cp -a "$1/merged" "$3"';
      const args = ["sh", home, imageOf(home), target];
      await run("unshare", ["--mount", "--propagation", "private", "sh", "-ec", script, ...args]);
    },
  };
}

function imageOf(home: string): string {
  return readFileSync(join(home, "image"), "utf8");
}

/** For cloud-init's NoCloud. Readable for root alone: a looser seed is the one leak that a hunt found. */
function writeSeed(dir: string, { serverId, hostname, userData }: Seed): void {
  const files = {
    "meta-data": `instance-id: i-${serverId}-${Date.now()}\nlocal-hostname: ${hostname}\n`,
    "vendor-data": vendorData,
    "network-config": "version: 1\nconfig: disabled\n",
    "user-data": decodeUserData(userData ?? ""),
  };
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(dir, file), content, { mode: 0o600 });
}

async function addToLayer(home: string, world: World, volumeAt: string | undefined): Promise<void> {
  const layer = join(home, "upper");
  mkdirSync(join(layer, "etc"), { recursive: true });
  writeFileSync(join(layer, "etc/resolv.conf"), "nameserver 172.31.1.1\n");
  trust(layer, imageOf(home), world.ca);
  if (volumeAt !== undefined) await addVolumeUnits(layer, volumeAt);
}
