import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** A container has no devices and ignores their lines in fstab: these two units stand for such a line. */
export async function addVolumeUnits(root: string, volumeAt: string): Promise<void> {
  const folder = join(root, "etc/systemd/system");
  mkdirSync(folder, { recursive: true });
  const unit = (await run("systemd-escape", ["--path", "--suffix=mount", volumeAt])).trim();
  writeFileSync(join(folder, unit), volumeMount(volumeAt));
  writeFileSync(join(folder, "emulated-volume.service"), volumeService);
}

const volumeMount = (where: string) => `[Unit]
Description=Volume of the emulated cloud, in place of the device that fstab names
Requires=emulated-volume.service
After=emulated-volume.service

[Mount]
What=/run/emulated-volume
Where=${where}
Type=none
Options=bind,nosuid,nodev
`;

const volumeService = `[Unit]
Description=Waits for a volume to be attached
DefaultDependencies=no

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=180
ExecStart=/bin/sh -c 'until set -- /run/volumes/* && mountpoint -q "$1"; do sleep 0.1; done; ln -sfn "$1" /run/emulated-volume'
`;
