import * as pulumi from "@pulumi/pulumi";
import type { DeskArgs } from "./args.ts";
import { DeskInputError, type DeskIssue } from "./errors.ts";
import { deskName, findIssues, parseSettings } from "./settings.ts";

type Path = readonly (string | number)[];

/**
 * Refuses at once what is wrong in the args that are plain values. What is an Output is looked at
 * when it is known, before anything is created.
 *
 * @throws DeskInputError
 */
export function checkKnownArgs(name: string, args: DeskArgs, more: readonly DeskIssue[]): void {
  const unknown: Path[] = [];
  const known = withoutOutputs(args, [], unknown);
  const issues = findIssues(name, known).filter((issue) => isDecided(issue, unknown));
  if (issues.length + more.length > 0)
    throw new DeskInputError(deskName(name, known), [...more, ...issues]);
  if (unknown.length === 0) parseSettings(name, known); // what can only be said of the whole
}

/** Which types a location offers can be said only when all three are known. */
const together = ["serverType", "location", "allowUnlisted"];

function isDecided({ path }: DeskIssue, unknown: readonly Path[]): boolean {
  const touches = (other: Path) => other.every((part, i) => i >= path.length || part === path[i]);
  if (unknown.some(touches)) return false;
  const placed = together.includes(String(path[0]));
  return !(placed && unknown.some((other) => together.includes(String(other[0]))));
}

function withoutOutputs(value: unknown, path: Path, unknown: Path[]): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    unknown.push(path);
    return undefined;
  }
  if (Array.isArray(value))
    return value.map((item, i) => withoutOutputs(item, [...path, i], unknown));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, field]) => [key, withoutOutputs(field, [...path, key], unknown)] as const)
      .filter(([, field]) => field !== undefined),
  );
}
