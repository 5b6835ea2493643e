import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { decodeUserData, vendorData } from "./metadata.ts";
import { run, tryRun, until } from "./run.ts";

/**
 * Disks of servers and volumes, and the seeds of the former: the cloud's side, with every secret that
 * a server was made with. One folder that only root reads.
 */
export interface Disks {
  machine(serverId: number): string;
  /** Makes an empty root disk over the image, and a seed where there is user data. */
  makeMachine(serverId: number, image: string, seed: Seed): void;
  hasMachine(serverId: number): boolean;
  /** The image's root file system that a server's disk lies over. */
  imageOf(serverId: number): string;
  deleteMachine(serverId: number): void;
  /** The file that stands for a volume's disk, formatted at first. */
  volume(volumeId: number, sizeGb: number): Promise<string>;
  resizeVolume(volumeId: number, sizeGb: number): void;
  deleteVolume(volumeId: number): Promise<void>;
  /** Where the root file system of a snapshot is. */
  snapshot(imageId: number): string;
}

export interface Seed {
  readonly hostname: string;
  readonly userData: string | undefined;
}

const name = { machines: "servers", volumes: "volumes", images: "images" };

export function openDisks(dir: string): Disks {
  for (const folder of Object.values(name))
    mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  const machine = (id: number) => join(dir, name.machines, String(id));
  const image = (id: number) => join(dir, name.volumes, `${id}.img`);
  return {
    machine,
    makeMachine(serverId, lower, seed) {
      const home = machine(serverId);
      // A rebuild without user data keeps what the server was made with.
      const old = seed.userData === undefined ? readSeed(home) : undefined;
      rmSync(home, { recursive: true, force: true });
      for (const folder of ["upper", "work", "merged", "volumes", "seed"])
        mkdirSync(join(home, folder), { recursive: true, mode: 0o755 });
      writeFileSync(join(home, "image"), lower);
      writeSeed(home, serverId, seed, old);
    },
    hasMachine: (serverId) => existsSync(join(machine(serverId), "image")),
    imageOf: (serverId) => readFileSync(join(machine(serverId), "image"), "utf8"),
    deleteMachine: (serverId) => rmSync(machine(serverId), { recursive: true, force: true }),
    async volume(volumeId, sizeGb) {
      const file = image(volumeId);
      if (!existsSync(file)) {
        writeFileSync(file, "", { mode: 0o600 });
        truncateSync(file, sizeGb * 2 ** 30);
        await run("mkfs.ext4", ["-q", "-m", "0", file]);
      }
      // The mount of a server that has just ended goes a moment after it.
      await until("the volume's release", async () => (await loopsOf(file)) === "", 60);
      // The file system grows between two mounts, as it would by x-systemd.growfs in fstab.
      if (existsSync(`${file}.grown`)) {
        await tryRun("e2fsck", ["-fp", file]);
        await run("resize2fs", [file]);
        rmSync(`${file}.grown`);
      }
      return file;
    },
    resizeVolume(volumeId, sizeGb) {
      const file = image(volumeId);
      if (!existsSync(file)) return;
      truncateSync(file, sizeGb * 2 ** 30);
      writeFileSync(`${file}.grown`, "");
    },
    async deleteVolume(volumeId) {
      const file = image(volumeId);
      if (!existsSync(file)) return;
      await until("the volume's release", async () => (await loopsOf(file)) === "", 60);
      rmSync(file);
      rmSync(`${file}.grown`, { force: true });
    },
    snapshot: (imageId) => join(dir, name.images, String(imageId), "rootfs"),
  };
}

async function loopsOf(file: string): Promise<string> {
  return (await tryRun("losetup", ["-j", file])).stdout;
}

/** For cloud-init's NoCloud. Readable for root alone: a looser seed is the one leak that a hunt found. */
function writeSeed(home: string, serverId: number, seed: Seed, old: string | undefined): void {
  const files = {
    "meta-data": `instance-id: i-${serverId}-${Date.now()}\nlocal-hostname: ${seed.hostname}\n`,
    "vendor-data": vendorData,
    "network-config": "version: 1\nconfig: disabled\n",
    "user-data": decodeUserData(seed.userData ?? old ?? ""),
  };
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(home, "seed", file), content, { mode: 0o600 });
  writeFileSync(join(home, "user-data"), seed.userData ?? old ?? "", { mode: 0o600 });
}

/** User data as it was sent to the API. */
export function readSeed(home: string): string | undefined {
  const file = join(home, "user-data");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text === "" ? undefined : text;
}

/** What an image gets on its way to a server's disk, in the layer above it. */
export interface Additions {
  readonly ca: string | undefined;
  readonly volumeAt: string | undefined;
}

const authorities = "etc/ssl/certs/ca-certificates.crt";

export async function addToDisk(home: string, image: string, additions: Additions): Promise<void> {
  const put = (path: string, text: string) => {
    const file = join(home, "upper", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  put("etc/resolv.conf", "nameserver 172.31.1.1\n");
  const { ca, volumeAt } = additions;
  if (ca !== undefined) {
    put(authorities, readFileSync(join(image, authorities), "utf8"));
    appendFileSync(join(home, "upper", authorities), ca);
    // The package's trigger would make the bundle anew of these.
    put("usr/local/share/ca-certificates/world.crt", ca);
  }
  if (volumeAt !== undefined) {
    const unit = (await run("systemd-escape", ["--path", "--suffix=mount", volumeAt])).trim();
    put(`etc/systemd/system/${unit}`, volumeMount(volumeAt));
    put("etc/systemd/system/emulated-volume.service", volumeService);
  }
}

/** A container has no devices and ignores their lines in fstab: these two units stand for such a line. */
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
