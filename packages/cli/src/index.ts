export { guestImage } from "./guest-image/guest-image.ts";
export { whyNoImages } from "./guest-image/tools.ts";
export { type HuntOptions, hunt } from "./hunt/hunt.ts";
export type { Finding, HuntReport, Place, Secret, Text } from "./hunt/types.ts";
export { machineRegistry } from "./registry.ts";
export { type Command, type CommandOptions, runCommand } from "./run-command.ts";
