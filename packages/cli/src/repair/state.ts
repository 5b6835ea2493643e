import { z } from "zod";

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
});
const deploymentSchema = z.looseObject({
  resources: z.array(resourceSchema).optional(),
  pending_operations: z
    .array(z.looseObject({ resource: resourceSchema, type: z.string() }))
    .nullish(),
});
const exportSchema = z.looseObject({ deployment: deploymentSchema });

/** What `stack export` prints, secrets encrypted; unknown fields are kept as they are. */
export type Export = z.output<typeof exportSchema>;

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string | undefined;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

/** A step that the engine began and never wrote the end of. */
export interface PendingOperation {
  readonly type: string;
  readonly urn: string;
}

export interface State {
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

export function parseExport(text: string): Export {
  return exportSchema.parse(JSON.parse(text));
}

export function stateOf({ deployment }: Export): State {
  return {
    resources: deployment.resources ?? [],
    pending: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      type,
      urn: resource.urn,
    })),
  };
}

export function idsOf({ resources }: State, type: string): string[] {
  return resources.flatMap((resource) =>
    resource.type === type && resource.id !== undefined ? [resource.id] : [],
  );
}

/** The export without interrupted steps and without some resources that nothing depends on. */
export function without(exported: Export, urns: readonly string[]): Export {
  const { pending_operations: _, resources, ...deployment } = exported.deployment;
  const kept = resources?.filter(({ urn }) => !urns.includes(urn));
  return { ...exported, deployment: { ...deployment, ...(kept && { resources: kept }) } };
}

/** The resource's own name, at the end of its URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
