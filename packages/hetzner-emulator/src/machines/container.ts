import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Guest } from "./hypervisor.ts";
import type { Network } from "./network.ts";
import { listeningPorts } from "./ports.ts";
import { type Ran, run, tryRun, until } from "./run.ts";
import { startSlirp } from "./slirp.ts";

/** A booted container. */
export interface Container extends Guest {
  /** Its first process, seen from the host. */
  readonly leader: number;
  exec(command: readonly string[], input?: string): Promise<Ran>;
}

const secondsToBoot = 30;
const secondsToStop = 120;

export async function bootContainer(
  home: string,
  image: string,
  network: Network,
  outbound: boolean,
): Promise<Container> {
  await waitForFormer(home);
  const script = fileURLToPath(new URL("./nspawn-boot.sh", import.meta.url));
  const console = openSync(join(home, "console.log"), "a", 0o600);
  const child = spawn(
    "unshare",
    [
      ...["--net", "--mount", "--propagation", "private"],
      ...[script, home, image, String(network.pid), outbound ? "yes" : "no"],
    ],
    { detached: true, stdio: ["ignore", console, console], env: { PATH: process.env.PATH } },
  );
  closeSync(console);
  const exited = once(child, "exit");
  const pid = child.pid ?? 0;
  writeFileSync(join(home, "pid"), String(pid));
  await until(
    "the container's start",
    () => {
      if (child.exitCode !== null)
        throw new Error(`the container did not start; see ${join(home, "console.log")}`);
      return leaderOf(pid) !== undefined;
    },
    secondsToBoot,
  );
  const slirp = outbound ? await startSlirp(pid) : undefined;
  const ended = exited.then(() => slirp?.end());
  /** In the mount namespace that the container gets new mounts from. */
  const outside = ["-t", String(pid), "-m"];
  const inside = () => ["-t", String(leaderOf(pid) ?? 0), "-m", "-u", "-i", "-p", "-n", "--"];
  return {
    get leader() {
      return leaderOf(pid) ?? 0;
    },
    ended,
    listeningPorts: () =>
      ["tcp", "tcp6"].flatMap((table) =>
        listeningPorts(readProc(leaderOf(pid) ?? 0, `net/${table}`)),
      ),
    exec: (command, input) => tryRun("nsenter", [...inside(), ...command], input),
    /** Mounts the disk in the file where the container sees it appear. */
    async attach(volumeId, file) {
      const at = join(home, "volumes", String(volumeId));
      const script = 'mkdir -p "$1" && mount -o loop "$2" "$1"';
      await run("nsenter", [...outside, "sh", "-ec", script, "sh", at, file]);
    },
    async detach(volumeId) {
      const at = `/run/volumes/${volumeId}`;
      // A disk that is pulled is gone wherever it is mounted.
      const script =
        'source=$(findmnt -no SOURCE "$1"); findmnt -rno TARGET -S "$source" | xargs -r -n1 umount -l';
      await tryRun("nsenter", [...inside(), "sh", "-c", script, "sh", at]);
      await run("nsenter", [...outside, "umount", "-l", join(home, "volumes", String(volumeId))]);
    },
    /** A file system does not grow while it is mounted here; it does at the next boot. */
    resizeVolume: async () => undefined,
    async copyDisk(target) {
      await run("nsenter", [...outside, "cp", "-a", join(home, "merged"), target]);
    },
    async powerOff(graceful) {
      if (graceful) child.kill("SIGTERM");
      else cutPower(pid);
      const timer = setTimeout(() => cutPower(pid), secondsToStop * 1000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A container whose emulator was killed shuts down by itself; its disk is free only then. */
async function waitForFormer(home: string): Promise<void> {
  let former: number;
  try {
    former = Number(readFileSync(join(home, "pid"), "utf8"));
  } catch {
    return;
  }
  await until(
    "the end of the server's former container",
    () => !readProc(former, "cmdline").includes(home),
    secondsToStop,
  );
}

/** Of the container's first process, with which all others end; nspawn's own end would leave them. */
function cutPower(nspawn: number): void {
  const leader = leaderOf(nspawn);
  process.kill(leader ?? nspawn, "SIGKILL");
}

/** The child that is process 1 of the container; undefined while there is none, as in a reboot. */
function leaderOf(nspawn: number): number | undefined {
  return childrenOf(nspawn).find((pid) => /^NSpid:.*\s1$/m.test(readProc(pid, "status")));
}

function childrenOf(pid: number): number[] {
  return readProc(pid, `task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
