import type { Context } from "../context.ts";
import { parseSelector } from "../labels.ts";
import type { Server } from "../model.ts";
import { formatImage } from "./images.ts";
import { addressOf } from "./primary-ips.ts";
import { formatLocation, formatServerType } from "./read-only.ts";

export const statuses = [
  "running",
  "initializing",
  "starting",
  "stopping",
  "off",
  "deleting",
  "migrating",
  "rebuilding",
  "unknown",
];
const transitions: Readonly<Record<string, string>> = {
  create_server: "initializing",
  start_server: "starting",
  reboot_server: "starting",
  stop_server: "stopping",
  shutdown_server: "stopping",
  change_server_type: "migrating",
  rebuild_server: "rebuilding",
};

export function statusOf({ actions, machines }: Context, { id, power }: Server): string {
  const action = actions.running({ type: "server", id });
  const settled = machines.isStopping(id) ? "stopping" : "off";
  return (action && transitions[action.command]) ?? (power === "running" ? "running" : settled);
}

export function formatServer(context: Context, server: Server) {
  const { store, actions } = context;
  const image = server.imageId === null ? undefined : store.images.get(server.imageId);
  const terabyte = 1024 ** 4;
  return {
    id: server.id,
    name: server.name,
    status: statusOf(context, server),
    created: server.created,
    public_net: publicNet(context, server),
    private_net: [],
    server_type: formatServerType(server.serverType),
    location: formatLocation(server.location),
    image: image === undefined ? null : formatImage(image),
    iso: null,
    rescue_enabled: false,
    locked: actions.running({ type: "server", id: server.id }) !== undefined,
    backup_window: server.backupWindow,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    included_traffic: 20 * terabyte,
    protection: server.protection,
    labels: server.labels,
    volumes: store.volumes
      .all()
      .filter((volume) => volume.server === server.id)
      .map(({ id }) => id),
    load_balancers: [],
    primary_disk_size: server.primaryDiskSize,
    placement_group: null,
  };
}

function publicNet(context: Context, server: Server) {
  const [ipv4, ipv6] = [
    addressOf(context, server.id, "ipv4"),
    addressOf(context, server.id, "ipv6"),
  ];
  const selected = context.store.firewalls
    .all()
    .filter(({ selectors }) => selectors.some((selector) => parseSelector(selector)(server.labels)))
    .map(({ id }) => id);
  return {
    ipv4:
      ipv4 === undefined
        ? null
        : { id: ipv4.id, ip: ipv4.ip, blocked: false, dns_ptr: ipv4.dnsPtr[0]?.dns_ptr ?? "" },
    ipv6:
      ipv6 === undefined
        ? null
        : { id: ipv6.id, ip: ipv6.ip, blocked: false, dns_ptr: ipv6.dnsPtr },
    floating_ips: [],
    firewalls: [...new Set([...server.firewallIds, ...selected])].map((id) => ({
      id,
      status: "applied",
    })),
  };
}
