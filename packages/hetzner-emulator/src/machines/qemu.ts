import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BootingMachines, type BootingOptions, bootingMachines } from "./booting.ts";
import { diskFiles, diskName } from "./disks.ts";
import type { Guest, Hypervisor } from "./hypervisor.ts";
import { run } from "./run.ts";
import { bootVm, copyDisk } from "./vm.ts";

/**
 * Servers that boot, as virtual machines of QEMU: a kernel of their own, the Hetzner datasource and
 * volumes as devices, under emulation and so many times slower than a container. Needs root and Linux
 * on x86-64; the image's folder has a disk in `root.ext4` and its kernel in `vmlinuz`.
 */
export function qemuMachines(options: BootingOptions): BootingMachines {
  return bootingMachines(qemu(diskFiles(options.image).kernel), options);
}

function qemu(kernel: string): Hypervisor<Guest> {
  return {
    rootDisk: diskName,
    formatsVolumes: false,
    async makeDisk(home, image) {
      await copyDisk(image, join(home, diskName));
      chmodSync(join(home, diskName), 0o600);
    },
    async boot(boot) {
      await trustOnDisk(boot.home, boot.world.ca);
      return bootVm(boot, kernel);
    },
    copyDisk: (home, target) => copyDisk(join(home, diskName), target),
  };
}

/** A disk is changed where it is mounted, in a namespace that ends with the change. */
async function trustOnDisk(home: string, ca: string | undefined): Promise<void> {
  if (ca === undefined) return;
  mkdirSync(join(home, "mounted"), { recursive: true });
  writeFileSync(join(home, "world.crt"), ca);
  await run("unshare", [
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-euc",
    addAuthority,
    "sh",
    home,
  ]);
}

/** To the authorities of its image, which are kept beside the disk. */
const addAuthority = `
root=$1/mounted
bundle=$root/etc/ssl/certs/ca-certificates.crt
mount -o loop "$1/${diskName}" "$root"
test -e "$1/authorities.crt" || cp "$bundle" "$1/authorities.crt"
cat "$1/authorities.crt" "$1/world.crt" > "$bundle"
cp "$1/world.crt" "$root/usr/local/share/ca-certificates/world.crt"
umount "$root"
`;
