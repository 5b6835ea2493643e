import type { Hono } from "hono";
import { z } from "zod";
import type { Context } from "../context.ts";
import { ApiError, invalidField, notFound, notUnique } from "../errors.ts";
import type { PrimaryIp } from "../model.ts";
import { answerList, idParam, labelsSchema, nameSchema, readBody } from "../request.ts";
import { formatLocation } from "./read-only.ts";
import { knownLocation, limitExceeded } from "./volumes.ts";

const name = nameSchema(128);
const createSchema = z.object({
  name,
  type: z.enum(["ipv4", "ipv6"]),
  assignee_type: z.literal("server").optional(),
  assignee_id: z.int().optional(),
  auto_delete: z.boolean().optional(),
  location: z.union([z.string(), z.int()]).optional(),
  labels: labelsSchema.optional(),
});
const updateSchema = z.object({
  name: name.optional(),
  auto_delete: z.boolean().optional(),
  labels: labelsSchema.optional(),
});
const assignSchema = z.object({ assignee_id: z.int(), assignee_type: z.literal("server") });
const protectionSchema = z.object({ delete: z.boolean() });
const dnsSchema = z.object({ ip: z.string(), dns_ptr: z.string().nullable() });

export function primaryIpRoutes(app: Hono, context: Context): void {
  const { store, actions } = context;

  app.get("/primary_ips", (c) =>
    answerList(c, store.primaryIps.all(), {
      key: "primary_ips",
      sort: { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created },
      filters: {
        ip: { of: ({ ip }) => ip },
        type: { of: ({ type }) => type, values: ["ipv4", "ipv6"] },
      },
      format: formatPrimaryIp,
    }),
  );
  app.get("/primary_ips/:id{[0-9]+}", (c) =>
    c.json({ primary_ip: formatPrimaryIp(find(idParam(c))) }),
  );

  app.post("/primary_ips", async (c) => {
    const body = await readBody(c, createSchema);
    if ((body.assignee_id === undefined) === (body.location === undefined)) {
      throw invalidField("location", "exactly one of location and assignee_id must be given");
    }
    if (store.primaryIps.byName(body.name) !== undefined) throw notUnique("name");
    const server =
      body.assignee_id === undefined ? undefined : assignable(body.assignee_id, body.type);
    const primaryIp = addPrimaryIp(context, {
      name: body.name,
      type: body.type,
      location: server?.location ?? knownLocation(body.location),
      autoDelete: body.auto_delete ?? false,
      labels: body.labels ?? {},
      assigneeId: server?.id ?? null,
    });
    const answer = { primary_ip: formatPrimaryIp(primaryIp) };
    if (server === undefined) return c.json(answer, 201);
    return c.json({ ...answer, action: started("assign_primary_ip", primaryIp, server.id) }, 201);
  });

  app.put("/primary_ips/:id{[0-9]+}", async (c) => {
    const primaryIp = find(idParam(c));
    const body = await readBody(c, updateSchema);
    if (body.name !== undefined && body.name !== primaryIp.name) {
      if (store.primaryIps.byName(body.name) !== undefined) throw notUnique("name");
      store.primaryIps.rename(primaryIp, body.name);
    }
    primaryIp.autoDelete = body.auto_delete ?? primaryIp.autoDelete;
    primaryIp.labels = body.labels ?? primaryIp.labels;
    return c.json({ primary_ip: formatPrimaryIp(primaryIp) });
  });

  app.delete("/primary_ips/:id{[0-9]+}", (c) => {
    const primaryIp = findUnlocked(idParam(c));
    if (primaryIp.protection.delete)
      throw new ApiError("protected", "primary IP is protected against deletion");
    if (primaryIp.assigneeId !== null) {
      throw new ApiError(
        "must_be_unassigned",
        "primary IP must be unassigned before it is deleted",
      );
    }
    store.primaryIps.delete(primaryIp);
    return c.body(null, 204);
  });

  app.post("/primary_ips/:id{[0-9]+}/actions/assign", async (c) => {
    const primaryIp = findUnlocked(idParam(c));
    const body = await readBody(c, assignSchema);
    if (primaryIp.assigneeId !== null) {
      throw new ApiError("primary_ip_already_assigned", "primary IP is already assigned");
    }
    const server = assignable(body.assignee_id, primaryIp.type);
    if (server.location !== primaryIp.location) {
      throw invalidField("assignee_id", "server and primary IP must be in the same location");
    }
    primaryIp.assigneeId = server.id;
    return c.json({ action: started("assign_primary_ip", primaryIp, server.id) }, 201);
  });

  app.post("/primary_ips/:id{[0-9]+}/actions/unassign", (c) => {
    const primaryIp = findUnlocked(idParam(c));
    const { assigneeId } = primaryIp;
    if (assigneeId === null) throw new ApiError("service_error", "primary IP is not assigned");
    demandOff(assigneeId);
    primaryIp.assigneeId = null;
    return c.json({ action: started("unassign_primary_ip", primaryIp, assigneeId) }, 201);
  });

  app.post("/primary_ips/:id{[0-9]+}/actions/change_protection", async (c) => {
    const primaryIp = findUnlocked(idParam(c));
    primaryIp.protection = await readBody(c, protectionSchema);
    return c.json({ action: started("change_protection", primaryIp) }, 201);
  });

  app.post("/primary_ips/:id{[0-9]+}/actions/change_dns_ptr", async (c) => {
    const primaryIp = find(idParam(c));
    const body = await readBody(c, dnsSchema);
    const others = primaryIp.dnsPtr.filter(({ ip }) => ip !== body.ip);
    primaryIp.dnsPtr = [
      ...others,
      { ip: body.ip, dns_ptr: body.dns_ptr ?? defaultPointer(body.ip) },
    ];
    return c.json({ action: started("change_dns_ptr", primaryIp) }, 201);
  });

  function started(command: string, { id }: PrimaryIp, server?: number) {
    const of = { type: "primary_ip", id } as const;
    return actions.format(
      server === undefined
        ? actions.start(command, of)
        : actions.start(command, of, { type: "server", id: server }),
    );
  }

  function assignable(id: number, type: "ipv4" | "ipv6") {
    const server = store.servers.get(id);
    if (server === undefined) throw notFound("server", id);
    demandOff(id);
    if (addressOf(context, id, type) !== undefined) {
      throw new ApiError(
        type === "ipv4" ? "server_has_ipv4" : "server_has_ipv6",
        `server has an ${type} already`,
      );
    }
    return server;
  }

  function demandOff(server: number): void {
    actions.demandUnlocked({ type: "server", id: server });
    if (store.servers.get(server)?.power !== "off") {
      throw new ApiError("server_not_stopped", "server must be powered off");
    }
  }

  function findUnlocked(id: number): PrimaryIp {
    const primaryIp = find(id);
    actions.demandUnlocked({ type: "primary_ip", id });
    return primaryIp;
  }

  function find(id: number): PrimaryIp {
    const primaryIp = store.primaryIps.get(id);
    if (primaryIp === undefined) throw notFound("primary IP", id);
    return primaryIp;
  }
}

export function addressOf(
  { store }: Context,
  server: number,
  type: "ipv4" | "ipv6",
): PrimaryIp | undefined {
  return store.primaryIps.all().find((ip) => ip.assigneeId === server && ip.type === type);
}

export type NewPrimaryIp = Pick<
  PrimaryIp,
  "name" | "type" | "location" | "autoDelete" | "labels" | "assigneeId"
>;

/** @throws ApiError resource_limit_exceeded */
export function addPrimaryIp(context: Context, wanted: NewPrimaryIp): PrimaryIp {
  const { store, limits, now, machines } = context;
  if (store.primaryIps.size >= limits.primaryIps) throw limitExceeded("primary_ip_limit");
  const id = store.nextId();
  const taken = (address: string) => store.primaryIps.all().some(({ ip }) => ip === address);
  const ip =
    wanted.type === "ipv4" && machines.newIpv4 !== undefined
      ? machines.newIpv4(taken)
      : addressFor(wanted.type, id);
  return store.primaryIps.add({
    id,
    created: now().toISOString(),
    ...wanted,
    ip,
    dnsPtr: wanted.type === "ipv4" ? [{ ip, dns_ptr: defaultPointer(ip) }] : [],
    protection: { delete: false },
  });
}

/** Addresses for documentation (RFC 2544's 198.18.0.0/15, RFC 3849's 2001:db8::/32): nobody's. */
function addressFor(type: "ipv4" | "ipv6", id: number): string {
  if (type === "ipv4") return `198.${18 + ((id >> 16) & 1)}.${(id >> 8) & 255}.${id & 255}`;
  return `2001:db8:${(id >> 16).toString(16)}:${(id & 0xffff).toString(16)}::/64`;
}

export function defaultPointer(ip: string): string {
  return `static.${ip.split(".").reverse().join(".")}.clients.example`;
}

function formatPrimaryIp(primaryIp: PrimaryIp) {
  return {
    id: primaryIp.id,
    name: primaryIp.name,
    labels: primaryIp.labels,
    created: primaryIp.created,
    blocked: false,
    location: formatLocation(primaryIp.location),
    ip: primaryIp.ip,
    dns_ptr: primaryIp.dnsPtr,
    protection: primaryIp.protection,
    type: primaryIp.type,
    auto_delete: primaryIp.autoDelete,
    assignee_type: primaryIp.assigneeId === null ? "unassigned" : "server",
    assignee_id: primaryIp.assigneeId,
  };
}
