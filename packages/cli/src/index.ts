export { type Command, type CommandOptions, runCommand } from "./run-command.ts";
