export { createEmulator, type Emulator, type EmulatorOptions, type Snapshot } from "./emulator.ts";
export type { ErrorCode } from "./errors.ts";
export type { Fault } from "./faults.ts";
export type { Machines } from "./machines.ts";
export type { RecordedRequest } from "./recorder.ts";
