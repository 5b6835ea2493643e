/**
 * What stands behind a server. The API side decides what happens; a driver makes it so. Only `none`
 * is here: servers that exist in the API alone.
 */
export interface Machines {
  /** Its user data is given only here: the cloud keeps nothing but its hash. */
  create(serverId: number, userData: string | undefined): void;
  powerOn(serverId: number): void;
  /** `graceful` is an ACPI shutdown, otherwise the power is cut. */
  powerOff(serverId: number, graceful: boolean): void;
  rebuild(serverId: number, userData: string | undefined): void;
  delete(serverId: number): void;
  attach(serverId: number, volumeId: number): void;
  detach(serverId: number, volumeId: number): void;
}

const nothing = () => undefined;

export const noMachines: Machines = {
  create: nothing,
  powerOn: nothing,
  powerOff: nothing,
  rebuild: nothing,
  delete: nothing,
  attach: nothing,
  detach: nothing,
};
