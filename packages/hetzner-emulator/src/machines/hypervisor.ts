import type { Network } from "./network.ts";
import type { World } from "./world.ts";

/** What is to boot. */
export interface Boot {
  /** Folder of the server's own: its disk, its seed, its console. */
  readonly home: string;
  readonly serverId: number;
  readonly cores: number;
  readonly memoryGb: number;
  readonly network: Network;
  readonly world: World;
  /** Says what went wrong later on, where nothing waits for it. */
  problem(message: string): void;
}

/** A server that has been started. */
export interface Guest {
  /** Resolves when it is off, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Ports that something listens on; undefined where that is not seen from outside. */
  listeningPorts(): number[] | undefined;
  attach(volumeId: number, file: string): Promise<void>;
  detach(volumeId: number): Promise<void>;
  resizeVolume(volumeId: number, bytes: number): Promise<void>;
  /** Copies its root disk, with all that was written to it. */
  copyDisk(target: string): Promise<void>;
  powerOff(graceful: boolean): Promise<void>;
}

/** What a machine's root disk is made with. */
export interface Seed {
  readonly serverId: number;
  readonly hostname: string;
  /** As it was sent to the API. */
  readonly userData: string | undefined;
}

/** One way to boot servers. */
export interface Hypervisor<G extends Guest> {
  /** Name of the root disk in the folder of an image and of a snapshot. */
  readonly rootDisk: string;
  /** Whether volumes have a file system from the start, because a server cannot make one. */
  readonly formatsVolumes: boolean;
  /** Makes the root disk of a new machine in its empty folder. */
  makeDisk(home: string, image: string, seed: Seed): Promise<void>;
  boot(boot: Boot): Promise<G>;
  /** Copies the root disk of a server that is off. */
  copyDisk(home: string, target: string): Promise<void>;
}
