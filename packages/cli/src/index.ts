export { huntForms, type Secret } from "./hunt/forms.ts";
export { type Finding, type HuntOptions, type HuntReport, hunt, type Place } from "./hunt/hunt.ts";
export { type Command, type CommandOptions, runCommand } from "./run-command.ts";
