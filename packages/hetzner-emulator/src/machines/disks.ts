import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Volume } from "../model.ts";
import type { Guest, Hypervisor, Seed } from "./hypervisor.ts";
import { run, tryRun, until } from "./run.ts";

/**
 * Disks of servers and volumes, and what the former were made with: the cloud's side, with every
 * secret. One folder that only root reads.
 */
export interface Disks {
  machine(serverId: number): string;
  /** Makes a server's root disk anew; a rebuild without user data keeps what it was made with. */
  makeMachine(image: string, seed: Seed): Promise<void>;
  hasMachine(serverId: number): boolean;
  /** As it was sent to the API. */
  userData(serverId: number): string | undefined;
  deleteMachine(serverId: number): void;
  /** The file that stands for a volume's disk; with a file system where it is to have one. */
  volume(volume: Volume): Promise<string>;
  resizeVolume(volume: Volume): void;
  deleteVolume(volumeId: number): Promise<void>;
  /** Where the root disk of a snapshot is. */
  snapshot(imageId: number): string;
  /** Deletes the snapshots that are not kept and that no server lies over. */
  dropSnapshots(isKept: (imageId: number) => boolean): void;
}

/** What a virtual machine boots, in the folder of its image. */
export function diskFiles(image: string): { readonly disk: string; readonly kernel: string } {
  return { disk: join(image, diskName), kernel: join(image, "vmlinuz") };
}

export const diskName = "root.ext4";
const folders = { machines: "servers", volumes: "volumes", images: "images" };
const secondsToRelease = 60;

export function openDisks(dir: string, hypervisor: Hypervisor<Guest>): Disks {
  for (const folder of Object.values(folders))
    mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  const machine = (id: number) => join(dir, folders.machines, String(id));
  const volumeFile = (id: number) => join(dir, folders.volumes, `${id}.img`);
  const snapshot = (id: number) => join(dir, folders.images, String(id), hypervisor.rootDisk);
  const userData = (id: number) => readIfThere(join(machine(id), "user-data"));
  return {
    machine,
    async makeMachine(image, seed) {
      const home = machine(seed.serverId);
      const kept = { ...seed, userData: seed.userData ?? userData(seed.serverId) };
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { recursive: true, mode: 0o755 });
      writeFileSync(join(home, "user-data"), kept.userData ?? "", { mode: 0o600 });
      await hypervisor.makeDisk(home, image, kept);
      writeFileSync(join(home, "image"), image);
    },
    hasMachine: (serverId) => existsSync(join(machine(serverId), "image")),
    userData,
    deleteMachine: (serverId) => rmSync(machine(serverId), { recursive: true, force: true }),
    async volume({ id, size, format }) {
      const file = volumeFile(id);
      if (!existsSync(file)) {
        const unfinished = `${file}.new`;
        writeFileSync(unfinished, "", { mode: 0o600 });
        truncateSync(unfinished, size * 2 ** 30);
        if (hypervisor.formatsVolumes) await run("mkfs.ext4", ["-q", "-m", "0", unfinished]);
        else if (format !== null) await run(`mkfs.${format}`, ["-q", unfinished]);
        renameSync(unfinished, file);
      }
      await until("the volume's release", () => isReleased(file), secondsToRelease);
      // Where the server cannot do it, the file system grows between two mounts.
      if (existsSync(`${file}.grown`)) {
        await tryRun("e2fsck", ["-fp", file]);
        await run("resize2fs", [file]);
        rmSync(`${file}.grown`);
      }
      return file;
    },
    resizeVolume({ id, size }) {
      const file = volumeFile(id);
      if (!existsSync(file)) return;
      truncateSync(file, size * 2 ** 30);
      if (hypervisor.formatsVolumes) writeFileSync(`${file}.grown`, "");
    },
    async deleteVolume(volumeId) {
      const file = volumeFile(volumeId);
      if (!existsSync(file)) return;
      await until("the volume's release", () => isReleased(file), secondsToRelease);
      rmSync(file);
      rmSync(`${file}.grown`, { force: true });
    },
    snapshot,
    dropSnapshots(isKept) {
      const used = new Set(
        readdirSync(join(dir, folders.machines)).map((id) =>
          readIfThere(join(machine(Number(id)), "image")),
        ),
      );
      for (const id of readdirSync(join(dir, folders.images)).map(Number)) {
        if (!isKept(id) && !used.has(snapshot(id)))
          rmSync(dirname(snapshot(id)), { recursive: true, force: true });
      }
    },
  };
}

function readIfThere(file: string): string | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text === "" ? undefined : text;
}

/** The mount of a server that has just ended goes a moment after it. */
async function isReleased(file: string): Promise<boolean> {
  return (await tryRun("losetup", ["-j", file])).stdout === "";
}
