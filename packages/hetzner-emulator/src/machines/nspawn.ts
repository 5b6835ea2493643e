import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { locationNamed } from "../catalogue.ts";
import { parseSelector } from "../labels.ts";
import type { Machines, MachinesCloud } from "../machines.ts";
import type { Server } from "../model.ts";
import { bootContainer, type Container } from "./container.ts";
import { addToDisk, openDisks, readSeed } from "./disks.ts";
import { type Forwarding, forwardPorts } from "./forward.ts";
import { metadataRoutes } from "./metadata.ts";
import { type Network, openNetwork } from "./network.ts";
import { letsIn } from "./ports.ts";
import { type Ran, run } from "./run.ts";
import type { World } from "./world.ts";

export interface NspawnOptions {
  /** Folder of the guest image, whose root file system is in `rootfs`. It is only read. */
  readonly image: string;
  /** @default - nothing but the cloud itself */
  readonly world?: World;
  /** Where disks are kept between runs. @default - a temporary folder, removed at the end */
  readonly dir?: string;
  /** Where an attached volume is mounted, as a container ignores fstab's devices. @default - nowhere */
  readonly volumeAt?: string;
}

export interface NspawnMachines extends Machines {
  /**
   * Runs a program in the server, as root.
   *
   * @throws Error when the server does not run.
   */
  exec(serverId: number, command: readonly string[], input?: string): Promise<Ran>;
  /** Where a running server's whole file system is seen from this machine. */
  root(serverId: number): string;
  /** What the server has written to its console since it was made. */
  console(serverId: number): string;
  /** Changes what servers reach, those that run too. */
  setWorld(world: World): Promise<void>;
  /** Waits until everything that was asked for is done. */
  settled(): Promise<void>;
}

interface Machine {
  readonly container: Container;
  readonly network: Network;
  readonly forwarding: Forwarding;
  readonly volumes: Set<number>;
  isExpectedToEnd: boolean;
}

const offline: World = { hosts: {}, outbound: false };

/**
 * Servers that boot, as containers of systemd-nspawn. Needs root and Linux.
 *
 * @example
 * const machines = nspawnMachines({ image: "/var/images/debian-13" });
 * const cloud = await createEmulator({ machines });
 */
export function nspawnMachines(options: NspawnOptions): NspawnMachines {
  const isTemporary = options.dir === undefined;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "hetzner-emulator-"));
  const disks = openDisks(dir);
  let world = options.world ?? offline;
  let cloud: MachinesCloud;
  const machines = new Map<number, Machine>();
  /** What is still to be done, by server. */
  const queues = new Map<number, Promise<void>>();
  /** What lets go of volumes and addresses, for which a server that starts waits. */
  const ending = new Set<Promise<void>>();
  const stopping = new Set<number>();
  const imaging = new Set<number>();

  function enqueue(serverId: number, act: () => Promise<void>): Promise<void> {
    const next = (queues.get(serverId) ?? Promise.resolve()).then(act).catch((error: unknown) => {
      cloud.problem(`server ${serverId}: ${error instanceof Error ? error.message : error}`);
    });
    queues.set(serverId, next);
    void next.then(() => {
      if (queues.get(serverId) === next) queues.delete(serverId);
    });
    return next;
  }

  function end(serverId: number, act: () => Promise<void>): void {
    const done = enqueue(serverId, act);
    ending.add(done);
    void done.then(() => ending.delete(done));
  }

  function start(serverId: number): void {
    const others = [...ending];
    void enqueue(serverId, async () => {
      await Promise.all(others);
      await boot(serverId);
    });
  }

  async function boot(serverId: number): Promise<void> {
    const server = cloud.store.servers.get(serverId);
    if (server === undefined || server.power === "off" || machines.has(serverId)) return;
    const home = disks.machine(serverId);
    const image = disks.imageOf(serverId);
    const address = ipv4Of(serverId);
    await addToDisk(home, image, { ca: world.ca, volumeAt: options.volumeAt });
    const network = await openNetwork(metadataRoutes(factsOf(server)), world);
    let container: Container;
    try {
      container = await bootContainer(home, image, network, world.outbound);
    } catch (error) {
      await network.close();
      server.power = "off";
      throw error;
    }
    const forwarding =
      address === undefined
        ? { close: () => undefined }
        : forwardPorts(
            address,
            container,
            network,
            (port, source) => {
              return letsIn(firewallsOf(server), port, source);
            },
            cloud.problem,
          );
    const machine = {
      container,
      network,
      forwarding,
      volumes: new Set<number>(),
      isExpectedToEnd: false,
    };
    machines.set(serverId, machine);
    void container.ended.then(() => endedByItself(serverId, machine));
    for (const volume of cloud.store.volumes.all())
      if (volume.server === serverId) await attach(machine, volume.id);
  }

  async function attach(machine: Machine, volumeId: number): Promise<void> {
    const volume = cloud.store.volumes.get(volumeId);
    if (volume === undefined || machine.volumes.has(volumeId)) return;
    machine.volumes.add(volumeId);
    await machine.container.attach(volumeId, await disks.volume(volumeId, volume.size));
  }

  async function stop(serverId: number, graceful: boolean): Promise<void> {
    const machine = machines.get(serverId);
    if (machine === undefined) return;
    machine.isExpectedToEnd = true;
    await machine.container.powerOff(graceful);
    await cleanUp(serverId, machine);
  }

  async function cleanUp(serverId: number, machine: Machine): Promise<void> {
    machines.delete(serverId);
    machine.forwarding.close();
    await machine.network.close();
  }

  function endedByItself(serverId: number, machine: Machine): void {
    if (machine.isExpectedToEnd) return;
    end(serverId, async () => {
      await cleanUp(serverId, machine);
      cloud.poweredOff(serverId);
    });
  }

  function running(serverId: number): Machine {
    const machine = machines.get(serverId);
    if (machine === undefined) throw new Error(`server ${serverId} does not run`);
    return machine;
  }

  function makeDisk(serverId: number, userData: string | undefined): void {
    const server = cloud.store.servers.get(serverId);
    if (server === undefined) return;
    const snapshot = disks.snapshot(server.imageId ?? 0);
    const image = existsSync(snapshot) ? snapshot : join(options.image, "rootfs");
    disks.makeMachine(serverId, image, { hostname: server.name, userData });
  }

  function factsOf(server: Server) {
    return {
      serverId: server.id,
      hostname: server.name,
      ipv4: ipv4Of(server.id),
      location: server.location,
      networkZone: locationNamed(server.location)?.networkZone ?? "",
      userData: readSeed(disks.machine(server.id)),
    };
  }

  function ipv4Of(serverId: number): string | undefined {
    return cloud.store.primaryIps
      .all()
      .find(({ assigneeId, type }) => assigneeId === serverId && type === "ipv4")?.ip;
  }

  function firewallsOf(server: Server) {
    return cloud.store.firewalls
      .all()
      .filter(
        ({ id, selectors }) =>
          server.firewallIds.includes(id) ||
          selectors.some((selector) => parseSelector(selector)(server.labels)),
      );
  }

  /** The root file system as it is now, with everything that was written since it was made. */
  async function copyDisk(serverId: number, imageId: number): Promise<void> {
    const home = disks.machine(serverId);
    const target = disks.snapshot(imageId);
    mkdirSync(dirname(target), { recursive: true });
    const unfinished = `${target}.new`;
    const machine = machines.get(serverId);
    if (machine === undefined) {
      const script =
        'mount -t overlay overlay "$1/merged" -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work"; cp -a "$1/merged" "$3"';
      const args = ["sh", home, disks.imageOf(serverId), unfinished];
      await run("unshare", ["--mount", "--propagation", "private", "sh", "-ec", script, ...args]);
    } else await machine.container.copyDisk(unfinished);
    renameSync(unfinished, target);
  }

  return {
    newIpv4(taken) {
      for (;;) {
        const ip = `127.77.${randomInt(256)}.${randomInt(1, 255)}`;
        if (!taken(ip)) return ip;
      }
    },
    async open(given) {
      cloud = given;
      for (const { id, power } of cloud.store.servers.all())
        if (power === "running" && disks.hasMachine(id)) start(id);
    },
    create(serverId, userData) {
      makeDisk(serverId, userData);
      start(serverId);
    },
    powerOn: start,
    powerOff(serverId, graceful) {
      stopping.add(serverId);
      end(serverId, async () => {
        await stop(serverId, graceful).finally(() => stopping.delete(serverId));
      });
    },
    isStopping: (serverId) => stopping.has(serverId),
    rebuild(serverId, userData) {
      void enqueue(serverId, async () => {
        await stop(serverId, false);
        makeDisk(serverId, userData);
      });
      start(serverId);
    },
    delete(serverId) {
      end(serverId, async () => {
        await stop(serverId, false);
        disks.deleteMachine(serverId);
      });
    },
    attach(serverId, volumeId) {
      const others = [...ending];
      void enqueue(serverId, async () => {
        await Promise.all(others);
        const machine = machines.get(serverId);
        if (machine !== undefined) await attach(machine, volumeId);
      });
    },
    detach(serverId, volumeId) {
      end(serverId, async () => {
        const machine = machines.get(serverId);
        if (machine?.volumes.delete(volumeId)) await machine.container.detach(volumeId);
      });
    },
    resizeVolume(volumeId) {
      const volume = cloud.store.volumes.get(volumeId);
      if (volume === undefined) return;
      disks.resizeVolume(volumeId, volume.size);
    },
    deleteVolume(volumeId) {
      const others = [...ending];
      end(0, async () => {
        await Promise.all(others);
        await disks.deleteVolume(volumeId);
      });
    },
    createImage(serverId, imageId) {
      imaging.add(imageId);
      void enqueue(serverId, () =>
        copyDisk(serverId, imageId).finally(() => imaging.delete(imageId)),
      );
    },
    isCreatingImage: (imageId) => imaging.has(imageId),
    deleteImage: (imageId) =>
      rmSync(dirname(disks.snapshot(imageId)), { recursive: true, force: true }),
    exec: async (serverId, command, input) => running(serverId).container.exec(command, input),
    root: (serverId) => `/proc/${running(serverId).container.leader}/root`,
    console: (serverId) => readFileSync(join(disks.machine(serverId), "console.log"), "utf8"),
    async setWorld(next) {
      world = next;
      await Promise.all([...machines.values()].map(({ network }) => network.setWorld(next)));
    },
    async settled() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
    async close() {
      for (const serverId of machines.keys()) end(serverId, () => stop(serverId, true));
      for (const serverId of queues.keys()) end(serverId, () => stop(serverId, true));
      while (queues.size > 0) await Promise.all(queues.values());
      if (isTemporary) rmSync(dir, { recursive: true, force: true });
    },
  };
}
