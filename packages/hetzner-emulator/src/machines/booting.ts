import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { locationNamed, serverTypeNamed } from "../catalogue.ts";
import { parseSelector } from "../labels.ts";
import type { Machines, MachinesCloud } from "../machines.ts";
import type { Server } from "../model.ts";
import { openDisks } from "./disks.ts";
import { type Forwarding, forwardPorts } from "./forward.ts";
import type { Guest, Hypervisor } from "./hypervisor.ts";
import { metadataRoutes } from "./metadata.ts";
import { type Network, openNetwork } from "./network.ts";
import { letsIn, namedPorts } from "./ports.ts";
import type { World } from "./world.ts";

export interface BootingOptions {
  /** Folder of the guest image. It is only read. */
  readonly image: string;
  /** @default - nothing but the cloud itself */
  readonly world?: World;
  /** Where disks are kept between runs. @default - a temporary folder, removed at the end */
  readonly dir?: string;
}

/** Servers that boot, whatever they are made of. */
export interface BootingMachines<G extends Guest = Guest> extends Machines {
  /** @throws Error when the server does not run. */
  guest(serverId: number): G;
  /** What the server has written to its console since it was made. */
  console(serverId: number): string;
  /** Changes what servers reach, those that run too. */
  setWorld(world: World): Promise<void>;
  /** Waits until everything that was asked for is done. */
  settled(): Promise<void>;
}

interface Machine<G> {
  readonly guest: G;
  readonly network: Network;
  readonly forwarding: Forwarding;
  readonly volumes: Set<number>;
  isExpectedToEnd: boolean;
}

const offline: World = { hosts: {}, outbound: false };
const bytesPerGb = 2 ** 30;

/** What all servers that boot have in common: their disks, their networks, and the order of things. */
export function bootingMachines<G extends Guest>(
  hypervisor: Hypervisor<G>,
  options: BootingOptions,
): BootingMachines<G> {
  const isTemporary = options.dir === undefined;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "hetzner-emulator-"));
  const disks = openDisks(dir, hypervisor);
  let world = options.world ?? offline;
  let cloud: MachinesCloud;
  const machines = new Map<number, Machine<G>>();
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
    const address = ipv4Of(serverId);
    const network = await openNetwork(metadataRoutes(factsOf(server)), world);
    let guest: G;
    try {
      if (!disks.hasMachine(serverId)) throw new Error("its disk was not made");
      const { cores = 1, memoryGb = 1 } = serverTypeNamed(server.serverType) ?? {};
      guest = await hypervisor.boot({
        ...{ home: disks.machine(serverId), serverId, cores, memoryGb, network, world },
        problem: (message) => cloud.problem(`server ${serverId}: ${message}`),
      });
    } catch (error) {
      await network.close();
      server.power = "off";
      throw error;
    }
    const forwarding =
      address === undefined
        ? { close: () => undefined }
        : forwardPorts(address, network, {
            ports: () => guest.listeningPorts() ?? namedPorts(firewallsOf(server)),
            allows: (port, source) => letsIn(firewallsOf(server), port, source),
            problem: cloud.problem,
          });
    const machine = {
      guest,
      network,
      forwarding,
      volumes: new Set<number>(),
      isExpectedToEnd: false,
    };
    machines.set(serverId, machine);
    void guest.ended.then(() => endedByItself(serverId, machine));
    for (const volume of cloud.store.volumes.all())
      if (volume.server === serverId) await attach(machine, volume.id);
  }

  async function attach(machine: Machine<G>, volumeId: number): Promise<void> {
    const volume = cloud.store.volumes.get(volumeId);
    if (volume === undefined || machine.volumes.has(volumeId)) return;
    machine.volumes.add(volumeId);
    await machine.guest.attach(volumeId, await disks.volume(volume));
  }

  async function stop(serverId: number, graceful: boolean): Promise<void> {
    const machine = machines.get(serverId);
    if (machine === undefined) return;
    machine.isExpectedToEnd = true;
    await machine.guest.powerOff(graceful);
    await cleanUp(serverId, machine);
  }

  async function cleanUp(serverId: number, machine: Machine<G>): Promise<void> {
    machines.delete(serverId);
    machine.forwarding.close();
    await machine.network.close();
  }

  function endedByItself(serverId: number, machine: Machine<G>): void {
    if (machine.isExpectedToEnd) return;
    end(serverId, async () => {
      // It may have been stopped, and another started, by what was asked for before.
      if (machines.get(serverId) !== machine) return;
      await cleanUp(serverId, machine);
      cloud.poweredOff(serverId);
    });
  }

  function running(serverId: number): Machine<G> {
    const machine = machines.get(serverId);
    if (machine === undefined) throw new Error(`server ${serverId} does not run`);
    return machine;
  }

  async function makeDisk(serverId: number, userData: string | undefined): Promise<void> {
    const server = cloud.store.servers.get(serverId);
    if (server === undefined) return;
    const snapshot = disks.snapshot(server.imageId ?? 0);
    const image = existsSync(snapshot) ? snapshot : join(options.image, hypervisor.rootDisk);
    await disks.makeMachine(image, { serverId, hostname: server.name, userData });
  }

  function factsOf(server: Server) {
    return {
      serverId: server.id,
      hostname: server.name,
      ipv4: ipv4Of(server.id),
      location: server.location,
      networkZone: locationNamed(server.location)?.networkZone ?? "",
      userData: disks.userData(server.id),
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

  async function copyDisk(serverId: number, imageId: number): Promise<void> {
    const target = disks.snapshot(imageId);
    mkdirSync(dirname(target), { recursive: true });
    const unfinished = `${target}.new`;
    const machine = machines.get(serverId);
    if (machine === undefined) await hypervisor.copyDisk(disks.machine(serverId), unfinished);
    else await machine.guest.copyDisk(unfinished);
    renameSync(unfinished, target);
  }

  /** Servers may lie over the disk of an image that is no longer in the cloud. */
  function dropImages(): void {
    disks.dropSnapshots((imageId) => cloud.store.images.has(imageId) || imaging.has(imageId));
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
      void enqueue(serverId, () => makeDisk(serverId, userData));
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
        await makeDisk(serverId, userData);
      });
      start(serverId);
    },
    delete(serverId) {
      end(serverId, async () => {
        await stop(serverId, false);
        disks.deleteMachine(serverId);
        dropImages();
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
        if (machine?.volumes.delete(volumeId)) await machine.guest.detach(volumeId);
      });
    },
    resizeVolume(volumeId) {
      const volume = cloud.store.volumes.get(volumeId);
      if (volume === undefined) return;
      disks.resizeVolume(volume);
      const serverId = volume.server ?? 0;
      void enqueue(serverId, async () => {
        const machine = machines.get(serverId);
        if (machine?.volumes.has(volumeId))
          await machine.guest.resizeVolume(volumeId, volume.size * bytesPerGb);
      });
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
      void enqueue(serverId, async () => {
        await copyDisk(serverId, imageId).finally(() => imaging.delete(imageId));
        dropImages();
      });
    },
    isCreatingImage: (imageId) => imaging.has(imageId),
    deleteImage: dropImages,
    guest: (serverId) => running(serverId).guest,
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
