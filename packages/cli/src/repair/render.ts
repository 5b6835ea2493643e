import { isEmpty, type RepairPlan } from "./plan.ts";
import { nameOf } from "./state.ts";

/** The plan as its reader decides on it. */
export function renderPlan(plan: RepairPlan): string {
  return [
    ...plan.forgotten.map(
      ({ type, urn }) => `  forget the interrupted step "${type}" of ${nameOf(urn)}`,
    ),
    ...plan.stale.map((urn) => `  drop ${nameOf(urn)} from the state: the volume is elsewhere now`),
    ...plan.gone.map((urn) => `  drop ${nameOf(urn)} from the state: the cloud no longer has it`),
    ...plan.deletions.map(
      ({ id, name }) => `  delete the server "${name}" (${id}), which was never recorded`,
    ),
    ...plan.imports.map(({ name, type, id }) => `  import ${name} (${shortType(type)} ${id})`),
    ...plan.leftAlone.map((reason) => `  leave alone: ${reason}`),
    ...(isEmpty(plan) ? ["  nothing to repair"] : []),
    "",
  ].join("\n");
}

function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
