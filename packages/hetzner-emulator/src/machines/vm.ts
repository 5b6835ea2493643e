import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { diskName } from "./disks.ts";
import type { Boot, Guest } from "./hypervisor.ts";
import { macAddress } from "./metadata.ts";
import { openQmp, type Qmp } from "./qmp.ts";
import { run } from "./run.ts";
import { openLink, tapDevice } from "./vm-network.ts";

/** One run of QEMU, which ends at a reboot as well. */
interface Run {
  readonly child: ChildProcess;
  readonly qmp: Qmp;
  /** Whether the guest wants to start again. */
  readonly ended: Promise<"reset" | "off">;
}

const millisecondsToStart = 30_000;
const millisecondsToStop = 120_000;
const millisecondsToPressAgain = 5000;

/** Boots a virtual machine that takes its network, its volumes and its user data as Hetzner's do. */
export async function bootVm(boot: Boot, kernel: string): Promise<Guest> {
  const link = await openLink(boot.network, boot.world.outbound);
  const volumes = new Map<number, string>();
  let isStopping = false;
  let current = startWithVolumes();

  async function startWithVolumes(): Promise<Run> {
    const run = await start(boot, kernel);
    try {
      for (const [volumeId, file] of volumes) await plugIn(run.qmp, volumeId, file);
    } catch (error) {
      run.child.kill("SIGKILL");
      throw error;
    }
    return run;
  }

  async function runUntilOff(): Promise<void> {
    try {
      while ((await (await current).ended) === "reset" && !isStopping) current = startWithVolumes();
    } catch (error) {
      // Where its power is cut while it starts again, that is no surprise.
      if (!isStopping) boot.problem(error instanceof Error ? error.message : String(error));
    } finally {
      await link.close();
    }
  }

  try {
    await current;
  } catch (error) {
    await link.close();
    throw error;
  }
  const ended = runUntilOff();
  const qmp = async () => (await current).qmp;
  return {
    ended,
    listeningPorts: () => undefined,
    async attach(volumeId, file) {
      await plugIn(await qmp(), volumeId, file);
      volumes.set(volumeId, file);
    },
    async detach(volumeId) {
      volumes.delete(volumeId);
      await pullOut(await qmp(), volumeId);
    },
    async resizeVolume(volumeId, size) {
      await (await qmp()).execute("block_resize", { "node-name": nodeOf(volumeId), size });
    },
    async copyDisk(target) {
      const monitor = await qmp();
      await monitor.execute("stop");
      try {
        await copyDisk(join(boot.home, diskName), target);
      } finally {
        await monitor.execute("cont");
      }
    },
    async powerOff(graceful) {
      isStopping = true;
      const ignore = () => undefined;
      const cut = () => void current.then(({ child }) => child.kill("SIGKILL"), ignore);
      const press = () =>
        void qmp()
          .then((monitor) => monitor.execute("system_powerdown"))
          .catch(ignore);
      if (graceful) press();
      else cut();
      // A guest that is still booting does not hear the button.
      const again = graceful ? setInterval(press, millisecondsToPressAgain) : undefined;
      const timer = setTimeout(cut, millisecondsToStop);
      await ended;
      clearInterval(again);
      clearTimeout(timer);
    },
  };
}

/** Its holes stay holes, and where the file system can, nothing is copied at all. */
export async function copyDisk(from: string, to: string): Promise<void> {
  await run("cp", ["--sparse=always", "--reflink=auto", from, to]);
}

/** @throws Error that names QEMU's log, when it does not start. */
async function start(boot: Boot, kernel: string): Promise<Run> {
  const log = join(boot.home, "qemu.log");
  // Runs in the server's network, ends with the emulator and not at a terminal's Ctrl-C before it.
  const within = ["-t", String(boot.network.pid), "-n", "setpriv", "--pdeathsig", "KILL"];
  const child = spawn("nsenter", [...within, "qemu-system-x86_64", ...machine(boot, kernel)], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH },
  });
  child.stderr.pipe(createWriteStream(log, { flags: "a", mode: 0o600 }));
  const exited = once(child, "exit");
  const qmp = openQmp(child.stdin, child.stdout);
  const shutdown = qmp.event("SHUTDOWN");
  const tooLate = setTimeout(() => child.kill("SIGKILL"), millisecondsToStart);
  try {
    await qmp.execute("qmp_capabilities");
  } catch (cause) {
    child.kill("SIGKILL");
    throw new Error(`QEMU did not start; see ${log}`, { cause });
  } finally {
    clearTimeout(tooLate);
  }
  const ended = exited.then(async () =>
    (await shutdown)?.reason === "guest-reset" ? ("reset" as const) : ("off" as const),
  );
  return { child, qmp, ended };
}

/**
 * Emulation, which runs everywhere. Three features of its processor are left out, which make it slow
 * or, in part, wrong; a reboot ends it, because inside one process it takes minutes.
 */
function machine({ home, serverId, cores, memoryGb }: Boot, kernel: string): string[] {
  return [
    ...["-nodefaults", "-display", "none", "-no-reboot"],
    ...["-chardev", "stdio,id=qmp,signal=off", "-mon", "chardev=qmp,mode=control"],
    ...["-machine", "q35", "-accel", "tcg,thread=multi,tb-size=1024"],
    ...["-cpu", "max,la57=off,svm=off,erms=off"],
    ...["-smp", String(Math.min(cores, availableParallelism())), "-m", `${memoryGb}G`],
    // By these cloud-init knows the cloud and the server.
    ...[
      "-smbios",
      `type=1,manufacturer=Hetzner,product=vServer,version=20171111,serial=${serverId}`,
    ],
    ...["-kernel", kernel, "-append", kernelArguments],
    ...["-chardev", `file,id=console,append=on,path=${join(home, "console.log")}`],
    ...["-serial", "chardev:console", "-device", "virtio-rng-pci"],
    ...[
      "-drive",
      `if=none,id=root,format=raw,cache=unsafe,discard=unmap,file=${join(home, diskName)}`,
    ],
    ...["-device", "nvme,drive=root,serial=root"],
    ...["-device", "virtio-scsi-pci,id=scsi"],
    ...["-netdev", `tap,id=net,ifname=${tapDevice},script=no,downscript=no`],
    ...["-device", `virtio-net-pci,netdev=net,mac=${macAddress}`],
  ];
}

const kernelArguments = "root=/dev/nvme0n1 rw console=ttyS0 panic=1 mitigations=off";

function nodeOf(volumeId: number): string {
  return `volume-${volumeId}`;
}

/** A SCSI disk whose name in the guest is /dev/disk/by-id/scsi-0HC_Volume_ID. */
async function plugIn(qmp: Qmp, volumeId: number, file: string): Promise<void> {
  const node = nodeOf(volumeId);
  await qmp.execute("blockdev-add", {
    "node-name": node,
    driver: "raw",
    discard: "unmap",
    file: { driver: "file", filename: file, discard: "unmap" },
  });
  const [serial, id] = [String(volumeId), `${node}-disk`];
  const names = { vendor: "HC", product: "Volume", serial, device_id: serial };
  await qmp.execute("device_add", { driver: "scsi-hd", bus: "scsi.0", drive: node, id, ...names });
}

async function pullOut(qmp: Qmp, volumeId: number): Promise<void> {
  const node = nodeOf(volumeId);
  const gone = qmp.event("DEVICE_DELETED", ({ device }) => device === `${node}-disk`);
  await qmp.execute("device_del", { id: `${node}-disk` });
  await gone;
  await qmp.execute("blockdev-del", { "node-name": node });
}
