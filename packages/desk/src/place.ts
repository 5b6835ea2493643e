import type * as pulumi from "@pulumi/pulumi";
import { defaults } from "./defaults.ts";
import { field, refusalHook } from "./refusal-hook.ts";
import { deskName } from "./settings.ts";

/**
 * Refuses another location in preview while the data is protected. The engine would refuse it, too,
 * but its advice is to lift the protection of the addresses, which ends with the data lost.
 */
export function staysInPlace(name: string): pulumi.ResourceHook {
  return refusalHook(`${name}-stays-in-place`, (oldInputs, newInputs) =>
    moveProblem(name, oldInputs, newInputs),
  );
}

/** Why the recorded inputs of a desk may not change so; undefined where nothing is wrong with it. */
export function moveProblem(
  name: string,
  oldInputs: unknown,
  newInputs: unknown,
): string | undefined {
  const [before, after] = [locationIn(oldInputs), locationIn(newInputs)];
  const isProtected = (field(field(newInputs, "data"), "protect") ?? defaults.dataProtect) === true;
  if (!isProtected || before === undefined || after === undefined || before === after) {
    return undefined;
  }
  return (
    `desk "${deskName(name, newInputs)}": location: must stay ${before} while data.protect is on, is ${after}: volume and ` +
    `addresses belong to their location. Make a new desk in ${after} and move the data there; with ` +
    "data.protect false both are deleted and made anew, and the data is lost."
  );
}

/** A location that is not known yet is none. */
function locationIn(inputs: unknown): string | undefined {
  const location = field(inputs, "location") ?? defaults.location;
  return typeof location === "string" ? location : undefined;
}
