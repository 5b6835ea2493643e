import type { Store } from "./store.ts";

/** What a driver is told of the cloud that it works for. */
export interface MachinesCloud {
  readonly store: Store;
  /** A server has ended without having been asked to. */
  poweredOff(serverId: number): void;
  /** Says what went wrong behind the API, where no request waits for it. */
  problem(message: string): void;
}

/**
 * What stands behind a server. The API side decides what happens; a driver makes it so, in order and
 * in its own time.
 */
export interface Machines {
  /** A new address for a server, where servers can be reached. */
  readonly newIpv4?: (taken: (ip: string) => boolean) => string;
  /** Called once, before the first request. Servers that run in the cloud's state are booted again. */
  open(cloud: MachinesCloud): Promise<void>;
  /** Its user data is given only here: the cloud keeps nothing but its hash. */
  create(serverId: number, userData: string | undefined): void;
  powerOn(serverId: number): void;
  /** `graceful` is an ACPI shutdown, otherwise the power is cut. */
  powerOff(serverId: number, graceful: boolean): void;
  /** On its way down. */
  isStopping(serverId: number): boolean;
  rebuild(serverId: number, userData: string | undefined): void;
  delete(serverId: number): void;
  attach(serverId: number, volumeId: number): void;
  detach(serverId: number, volumeId: number): void;
  resizeVolume(volumeId: number): void;
  deleteVolume(volumeId: number): void;
  /** Makes an image of a server's root disk. */
  createImage(serverId: number, imageId: number): void;
  isCreatingImage(imageId: number): boolean;
  deleteImage(imageId: number): void;
  /** Shuts every server down; disks stay. */
  close(): Promise<void>;
}

const nothing = () => undefined;
const no = () => false;
const done = async () => undefined;

/** Servers that exist in the API alone. */
export const noMachines: Machines = {
  open: done,
  create: nothing,
  powerOn: nothing,
  powerOff: nothing,
  isStopping: no,
  rebuild: nothing,
  delete: nothing,
  attach: nothing,
  detach: nothing,
  resizeVolume: nothing,
  deleteVolume: nothing,
  createImage: nothing,
  isCreatingImage: no,
  deleteImage: nothing,
  close: done,
};
