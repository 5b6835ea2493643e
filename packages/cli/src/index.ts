export { type HuntOptions, hunt } from "./hunt/hunt.ts";
export type { Finding, HuntReport, Place, Secret, Text } from "./hunt/types.ts";
export { type Command, type CommandOptions, runCommand } from "./run-command.ts";
