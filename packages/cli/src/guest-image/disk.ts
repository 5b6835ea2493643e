import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { diskFiles } from "@bureau/hetzner-emulator";
import { runOrFail } from "./run.ts";

/** What a prebaked image and a desk's own writes take, several times over; the file is sparse. */
const size = "8G";

/**
 * Makes a disk of `FROM/rootfs`, and a kernel beside it, for virtual machines. The kernel's package is
 * unpacked and not installed: that would make an initial RAM disk, without which Debian's cloud kernel
 * starts as well.
 */
export async function makeDisk(dir: string, from: string): Promise<void> {
  const work = join(dir, "work");
  for (const folder of ["upper", "work", "merged"])
    mkdirSync(join(work, folder), { recursive: true });
  const { disk, kernel } = diskFiles(dir);
  await runOrFail("unshare", [
    ...["--mount", "--propagation", "private", "sh", "-euc", script, "sh"],
    ...[join(from, "rootfs"), work, disk, kernel],
  ]);
  rmSync(work, { recursive: true });
}

const script = `
rootfs=$1 work=$2 disk=$3 kernel=$4
root=$work/merged
mount -t overlay overlay "$root" -o "lowerdir=$rootfs,upperdir=$work/upper,workdir=$work/work"
cp /etc/resolv.conf "$root/etc/resolv.conf"
chroot "$root" sh -euc '
  cd /tmp
  # The lists are as old as the image that this is made of.
  apt-get -q update
  package=$(apt-cache depends linux-image-cloud-amd64 |
    sed -n "s/^ *Depends: *\\(linux-image-[0-9]\\)/\\1/p")
  apt-get -q download "$package"
  dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x --keep-directory-symlink -C /
  rm "$package"_*.deb
  version=\${package#linux-image-}
  depmod "$version"
  mv "/boot/vmlinuz-$version" /boot/vmlinuz'
mv "$root/boot/vmlinuz" "$kernel"
rm "$root/etc/resolv.conf"
echo '/dev/nvme0n1 / ext4 defaults 0 1' > "$root/etc/fstab"
truncate -s ${size} "$disk"
mke2fs -q -t ext4 -d "$root" "$disk"
`;
