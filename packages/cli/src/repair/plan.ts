import { DESK_TYPE } from "@bureau/desk";
import type { Cloud } from "./cloud.ts";
import { nameOf, type PendingOperation, type State, type StateResource } from "./state.ts";

export const types = {
  address: "hcloud:index/primaryIp:PrimaryIp",
  volume: "hcloud:index/volume:Volume",
  firewall: "hcloud:index/firewall:Firewall",
  server: "hcloud:index/server:Server",
  attachment: "hcloud:index/volumeAttachment:VolumeAttachment",
} as const;

/** A resource that is in the cloud and that the state gets. */
export interface Import {
  readonly type: string;
  /** Of the resource in the program. */
  readonly name: string;
  readonly id: string;
  readonly desk: DeskRef;
}

/** The component that a resource belongs to; without a URN the state lacks it as well. */
export interface DeskRef {
  readonly name: string;
  readonly urn: string | undefined;
}

export interface RepairPlan {
  /** Steps of an engine that was killed; the state forgets them. */
  readonly forgotten: readonly PendingOperation[];
  readonly imports: readonly Import[];
  /** Servers that were never recorded. */
  readonly deletions: readonly { readonly id: number; readonly name: string }[];
  /** URNs of servers that the cloud no longer has: the provider cannot delete them a second time. */
  readonly gone: readonly string[];
  /** Attachments that the volume has left, to be dropped from the state. */
  readonly stale: readonly string[];
  /** What is not touched, with the reason. */
  readonly leftAlone: readonly string[];
}

/**
 * What brings state and cloud together again, so that the next `up` goes on. Volumes are never
 * deleted. A server that the state lacks cannot be imported, since the API keeps its user data to
 * itself: it is deleted, and `up` makes it anew.
 *
 * @param hostname of the stack's desk, for a state that has no desk yet
 */
export function planRepair(state: State, cloud: Cloud, hostname: string): RepairPlan {
  const desks = desksOf(state, hostname);
  const imports: Import[] = [];
  const deletions: { id: number; name: string }[] = [];
  const leftAlone: string[] = [];
  const stale = state.resources.filter((resource) => isStale(resource, cloud));
  const current = state.resources.filter((resource) => !stale.includes(resource));
  const has = (type: string, id: number) =>
    current.some((resource) => resource.type === type && resource.id === String(id));

  const consider = (
    kind: string,
    type: string,
    role: string,
    found: { id: number; name: string; labels: Record<string, string> },
    owner = found.labels["bureau-desk"] ?? "",
  ) => {
    if (has(type, found.id)) return;
    const desk = desks.get(owner);
    const title = `${kind} "${found.name}" (${found.id})`;
    if (desk === undefined) {
      leftAlone.push(`${title}: no desk of this stack has the hostname "${owner}"`);
    } else if (takenBy(current, desk, type, role) !== undefined) {
      leftAlone.push(`${title}: the state has another one in its place`);
    } else {
      imports.push({ type, name: `${desk.name}-${role}`, id: String(found.id), desk });
    }
  };

  for (const address of cloud.addresses) consider("address", types.address, address.type, address);
  for (const volume of cloud.volumes) consider("volume", types.volume, "data", volume);
  for (const firewall of cloud.firewalls)
    consider("firewall", types.firewall, "firewall", firewall);
  for (const volume of cloud.volumes) {
    // An attachment goes by the id of its volume. One to a server that is deleted goes with it.
    const server = cloud.servers.find(({ id }) => id === volume.server);
    if (server !== undefined && has(types.server, server.id)) {
      const owner = server.labels["bureau-desk"];
      consider("attachment of volume", types.attachment, "attachment", volume, owner);
    }
  }
  for (const server of cloud.servers) {
    if (has(types.server, server.id)) continue;
    const owner = server.labels["bureau-desk"] ?? "";
    if (desks.has(owner)) deletions.push({ id: server.id, name: server.name });
    else
      leftAlone.push(
        `server "${server.name}" (${server.id}): no desk of this stack has the hostname "${owner}"`,
      );
  }
  const gone = current
    .filter(({ type, id }) => type === types.server && !isThere(cloud.servers, id))
    .map(({ urn }) => urn);
  return {
    forgotten: state.pending,
    imports,
    deletions,
    gone: [...new Set(gone)],
    stale: stale.map(({ urn }) => urn),
    leftAlone,
  };
}

export function isEmpty(plan: RepairPlan): boolean {
  const { forgotten, imports, deletions, gone, stale } = plan;
  return [forgotten, imports, deletions, gone, stale].every(({ length }) => length === 0);
}

/** An attachment of a volume that is at another server now, or at none. */
function isStale({ type, id, inputs }: StateResource, cloud: Cloud): boolean {
  if (type !== types.attachment) return false;
  const volume = cloud.volumes.find((found) => String(found.id) === id);
  return volume === undefined || String(volume.server) !== String(inputs?.serverId);
}

function isThere(found: readonly { readonly id: number }[], id: string | undefined): boolean {
  return found.some((resource) => String(resource.id) === id);
}

/** The desks of a state by hostname. */
function desksOf(state: State, hostname: string): Map<string, DeskRef> {
  const desks = state.resources.filter(({ type }) => type === DESK_TYPE);
  // The stack program names its only desk "desk".
  if (desks.length === 0) return new Map([[hostname, { name: "desk", urn: undefined }]]);
  return new Map(
    desks.map((desk) => [hostnameOf(desk), { name: nameOf(desk.urn), urn: desk.urn }]),
  );
}

function hostnameOf({ urn, inputs }: StateResource): string {
  return typeof inputs?.hostname === "string" ? inputs.hostname : nameOf(urn);
}

function takenBy(
  resources: readonly StateResource[],
  { name, urn }: DeskRef,
  type: string,
  role: string,
) {
  const parent = urn?.split("::")[2];
  return resources.find(
    (resource) =>
      resource.type === type &&
      nameOf(resource.urn) === `${name}-${role}` &&
      resource.urn.split("::")[2] === `${parent}$${type}`,
  );
}
