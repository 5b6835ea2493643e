export { createEmulator, type Emulator, type EmulatorOptions, type Snapshot } from "./emulator.ts";
export type { ErrorCode } from "./errors.ts";
export type { Fault } from "./faults.ts";
export { type NspawnMachines, type NspawnOptions, nspawnMachines } from "./machines/nspawn.ts";
export { isOnPath, missingPackages, whyNot } from "./machines/requirements.ts";
export type { Ran } from "./machines/run.ts";
export type { World } from "./machines/world.ts";
export type { Machines } from "./machines.ts";
export type { RecordedRequest } from "./recorder.ts";
