import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import { field, refusalHook } from "./refusal-hook.ts";

export interface DataVolumeArgs {
  readonly name: pulumi.Input<string>;
  readonly sizeGb: pulumi.Input<number>;
  readonly location: pulumi.Input<string>;
  readonly labels: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Id of a volume that the stack takes over. */
  readonly volumeId: number | undefined;
}

/** What an adopted volume keeps as it is while `volumeId` is set. */
const keptWhenAdopted = ["name", "size", "labels", "format", "automount", "deleteProtection"];

/** The volume that outlives the server. The engine refuses to shrink it, in preview already. */
export function createDataVolume(
  name: string,
  { volumeId, sizeGb, ...args }: DataVolumeArgs,
  opts: pulumi.CustomResourceOptions,
): hcloud.Volume {
  const adoption =
    volumeId === undefined ? {} : { import: String(volumeId), ignoreChanges: keptWhenAdopted };
  return new hcloud.Volume(
    name,
    { ...args, size: sizeGb },
    {
      ...opts,
      ...adoption,
      hooks: { beforeUpdate: [refusalHook(`${name}-never-shrinks`, shrinkProblem)] },
    },
  );
}

/** Why an update of the volume is refused; undefined when it grows or keeps its size. */
export function shrinkProblem(oldInputs: unknown, newInputs: unknown): string | undefined {
  const before = field(oldInputs, "size");
  const after = field(newInputs, "size");
  if (typeof before !== "number" || typeof after !== "number" || after >= before) return undefined;
  const desk = String(field(newInputs, "name")).replace(/-data$/, "");
  return (
    `desk "${desk}": data.sizeGb: must not shrink from ${before} to ${after}: a volume only grows. ` +
    `Set it to ${before} or more, or make a new desk and move the data there.`
  );
}
