import * as pulumi from "@pulumi/pulumi";

const timesUsed = new Map<string, number>();

/**
 * A hook that refuses an update of a resource, in preview already, where `problemOf` finds one.
 *
 * The engine knows hooks by name, one of each in an update. Two desks of one name are fine as long
 * as their parents differ in type, so a name that was used before gets a number.
 */
export function refusalHook(
  name: string,
  problemOf: (oldInputs: unknown, newInputs: unknown) => string | undefined,
): pulumi.ResourceHook {
  const times = (timesUsed.get(name) ?? 0) + 1;
  timesUsed.set(name, times);
  return new pulumi.ResourceHook(
    times === 1 ? name : `${name}-${times}`,
    ({ oldInputs, newInputs }) => {
      const problem = problemOf(oldInputs, newInputs);
      if (problem !== undefined) throw new Error(problem);
    },
    { onDryRun: true },
  );
}

/** A field of inputs as a hook gets them. */
export function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
