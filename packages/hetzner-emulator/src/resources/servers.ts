import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { z } from "zod";
import { catalogue, isAvailable, serverTypeNamed } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { ApiError, invalidField, notFound, notUnique } from "../errors.ts";
import type { Image, PrimaryIp, Server } from "../model.ts";
import { answerList, idParam, labelsSchema, readBody } from "../request.ts";
import { addPrimaryIp } from "./primary-ips.ts";
import { formatServer, statuses, statusOf } from "./server-format.ts";
import { knownLocation, limitExceeded } from "./volumes.ts";

/** RFC 1123, as the vendor asks of a server's name and of nothing else. */
const name = z
  .string()
  .max(253)
  .regex(
    /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/,
    "is not a valid hostname",
  );
const nameOrId = z.union([z.string(), z.int()]);

const userDataLimit = 32_768;
export const userDataSchema = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= userDataLimit, "must not be larger than 32 KiB");

const createSchema = z.object({
  name,
  server_type: nameOrId,
  image: nameOrId,
  location: nameOrId.optional(),
  start_after_create: z.boolean().optional(),
  labels: labelsSchema.optional(),
  ssh_keys: z.array(nameOrId).optional(),
  volumes: z.array(z.int()).optional(),
  automount: z.boolean().optional(),
  networks: z.array(z.int()).max(0, "networks are not part of this emulator").optional(),
  firewalls: z.array(z.object({ firewall: z.int() })).optional(),
  user_data: userDataSchema.optional(),
  public_net: z
    .object({
      enable_ipv4: z.boolean().optional(),
      enable_ipv6: z.boolean().optional(),
      ipv4: z.int().nullish(),
      ipv6: z.int().nullish(),
    })
    .optional(),
  placement_group: z.undefined("placement groups are not part of this emulator").optional(),
});
const updateSchema = z.object({ name: name.optional(), labels: labelsSchema.optional() });

export function serverRoutes(app: Hono, context: Context): void {
  const { store, actions, limits, machines, now } = context;

  app.get("/servers", (c) =>
    answerList(c, store.servers.all(), {
      key: "servers",
      sort: { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created },
      filters: { status: { of: (server) => statusOf(context, server), values: statuses } },
      format: (server) => formatServer(context, server),
    }),
  );
  app.get("/servers/:id{[0-9]+}", (c) =>
    c.json({ server: formatServer(context, findServer(context, idParam(c))) }),
  );

  app.post("/servers", async (c) => {
    const body = await readBody(c, createSchema);
    if (store.servers.byName(body.name) !== undefined) throw notUnique("name");
    if (store.servers.size >= limits.servers) throw limitExceeded("servers_limit");
    const type = knownServerType(body.server_type);
    const location =
      body.location === undefined ? (type.locations[0] ?? "") : knownLocation(body.location);
    if (!type.locations.includes(location)) {
      throw invalidField("location", `server type ${type.name} is not offered in ${location}`);
    }
    if (!isAvailable(type.name, location)) {
      throw new ApiError(
        "resource_unavailable",
        `${type.name} is not available in ${location} at the moment`,
      );
    }
    const image = findImage(context, body.image, type.architecture);
    for (const key of body.ssh_keys ?? []) demandSshKey(key);
    const firewallIds = (body.firewalls ?? []).map(({ firewall }) => demandFirewall(firewall));
    const volumes = (body.volumes ?? []).map((id) => freeVolume(id, location));
    const net = body.public_net ?? {};
    const chosen = [
      freeAddress(net.ipv4, "ipv4", location),
      freeAddress(net.ipv6, "ipv6", location),
    ];
    const made = [net.enable_ipv4 !== false, net.enable_ipv6 !== false].filter(
      (enabled, i) => enabled && chosen[i] === undefined,
    );
    if (store.primaryIps.size + made.length > limits.primaryIps)
      throw limitExceeded("primary_ip_limit");

    const server = store.servers.add({
      id: store.nextId(),
      name: body.name,
      created: now().toISOString(),
      labels: body.labels ?? {},
      power: body.start_after_create === false ? "off" : "running",
      serverType: type.name,
      location,
      imageId: image.id,
      enableIpv4: net.enable_ipv4 ?? true,
      enableIpv6: net.enable_ipv6 ?? true,
      firewallIds,
      protection: { delete: false, rebuild: false },
      backupWindow: null,
      primaryDiskSize: type.diskGb,
      userDataSha256: body.user_data === undefined ? null : sha256(body.user_data),
    });
    for (const volume of volumes) volume.server = server.id;
    giveAddresses(server, chosen);
    machines.create(server.id, body.user_data);

    const action = actions.start("create_server", { type: "server", id: server.id });
    const next =
      server.power === "running"
        ? [actions.start("start_server", { type: "server", id: server.id })]
        : [];
    const withKeys = (body.ssh_keys ?? []).length > 0;
    return c.json(
      {
        server: formatServer(context, server),
        action: actions.format(action),
        next_actions: [
          ...next,
          ...volumes.map((volume) =>
            actions.start(
              "attach_volume",
              { type: "volume", id: volume.id },
              { type: "server", id: server.id },
            ),
          ),
        ].map(actions.format),
        // Made up, as there is nothing to log in to.
        root_password: withKeys ? null : "emulated-root-password",
      },
      201,
    );
  });

  app.put("/servers/:id{[0-9]+}", async (c) => {
    const server = findServer(context, idParam(c));
    const body = await readBody(c, updateSchema);
    if (body.name !== undefined && body.name !== server.name) {
      if (store.servers.byName(body.name) !== undefined) throw notUnique("name");
      store.servers.rename(server, body.name);
    }
    server.labels = body.labels ?? server.labels;
    return c.json({ server: formatServer(context, server) });
  });

  app.delete("/servers/:id{[0-9]+}", (c) => {
    const server = findServer(context, idParam(c));
    actions.demandUnlocked({ type: "server", id: server.id });
    if (server.protection.delete)
      throw new ApiError("protected", "server is protected against deletion");
    for (const volume of store.volumes.all()) if (volume.server === server.id) volume.server = null;
    for (const address of store.primaryIps
      .all()
      .filter(({ assigneeId }) => assigneeId === server.id)) {
      address.assigneeId = null;
      if (address.autoDelete) store.primaryIps.delete(address);
    }
    for (const image of [...store.images.values()])
      if (image.boundTo === server.id) store.images.delete(image.id);
    store.servers.delete(server);
    machines.delete(server.id);
    return c.json({
      action: actions.format(actions.start("delete_server", { type: "server", id: server.id })),
    });
  });

  function knownServerType(wanted: string | number) {
    const type =
      typeof wanted === "number" ? catalogue.serverTypes[wanted - 1] : serverTypeNamed(wanted);
    if (type === undefined)
      throw invalidField("server_type", `server type '${wanted}' does not exist`);
    return type;
  }

  function demandSshKey(key: string | number): void {
    const found = typeof key === "number" ? store.sshKeys.get(key) : store.sshKeys.byName(key);
    if (found === undefined) throw invalidField("ssh_keys", `SSH key '${key}' does not exist`);
  }

  function demandFirewall(id: number): number {
    if (store.firewalls.get(id) === undefined)
      throw invalidField("firewalls", `firewall '${id}' does not exist`);
    return id;
  }

  function freeVolume(id: number, location: string) {
    const volume = store.volumes.get(id);
    if (volume === undefined) throw invalidField("volumes", `volume '${id}' does not exist`);
    if (volume.server !== null)
      throw new ApiError("service_error", "volume is already attached to a server");
    if (volume.location !== location)
      throw invalidField("volumes", "server and volume must be in the same location");
    return volume;
  }

  function freeAddress(id: number | null | undefined, type: "ipv4" | "ipv6", location: string) {
    if (id === null || id === undefined) return undefined;
    const address = store.primaryIps.get(id);
    if (address === undefined)
      throw invalidField(`public_net.${type}`, `primary IP '${id}' does not exist`);
    if (address.type !== type)
      throw new ApiError("primary_ip_version_mismatch", `primary IP is no ${type}`);
    if (address.assigneeId !== null)
      throw new ApiError("primary_ip_assigned", "primary IP is already assigned");
    if (address.location !== location) {
      throw new ApiError(
        "primary_ip_datacenter_mismatch",
        "server and primary IP must be in the same location",
      );
    }
    actions.demandUnlocked({ type: "primary_ip", id });
    return address;
  }

  /** An address that is enabled and not given is made, and goes with the server. */
  function giveAddresses(server: Server, chosen: readonly (PrimaryIp | undefined)[]): void {
    for (const [i, type] of (["ipv4", "ipv6"] as const).entries()) {
      if (!(type === "ipv4" ? server.enableIpv4 : server.enableIpv6)) continue;
      const address = chosen[i];
      if (address === undefined) {
        const location = server.location;
        const made = { name: `primary_ip-${store.nextId()}`, type, location, labels: {} };
        addPrimaryIp(context, { ...made, autoDelete: true, assigneeId: server.id });
      } else {
        address.assigneeId = server.id;
      }
    }
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function findServer({ store }: Context, id: number): Server {
  const server = store.servers.get(id);
  if (server === undefined) throw notFound("server", id);
  return server;
}

/** An image by id, or by the name that it shares with the one of the other architecture. */
export function findImage(
  { store }: Context,
  wanted: string | number,
  architecture: "x86" | "arm",
): Image {
  const byId = typeof wanted === "number" || /^\d+$/.test(wanted);
  const image = byId
    ? store.images.get(Number(wanted))
    : [...store.images.values()].find(
        (one) => one.name === wanted && one.architecture === architecture,
      );
  if (image === undefined) throw invalidField("image", `image '${wanted}' does not exist`);
  if (image.architecture !== architecture) {
    throw invalidField(
      "image",
      `image is made for ${image.architecture}, the server type is ${architecture}`,
    );
  }
  return image;
}
