import type { Hono } from "hono";
import { z } from "zod";
import { catalogue, locationNamed } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { ApiError, invalidField, notFound, notUnique } from "../errors.ts";
import type { Volume } from "../model.ts";
import { answerList, idParam, labelsSchema, nameSchema, readBody } from "../request.ts";
import { formatLocation } from "./read-only.ts";

const name = nameSchema(64);
const createSchema = z.object({
  name,
  size: z.int().min(10).max(10_240),
  location: z.union([z.string(), z.int()]).optional(),
  server: z.int().optional(),
  automount: z.boolean().optional(),
  format: z.enum(["ext4", "xfs"]).nullish(),
  labels: labelsSchema.optional(),
});
const updateSchema = z.object({ name: name.optional(), labels: labelsSchema.optional() });
const attachSchema = z.object({ server: z.int(), automount: z.boolean().optional() });
const resizeSchema = z.object({ size: z.int().max(10_240) });
const protectionSchema = z.object({ delete: z.boolean() });

export function volumeRoutes(app: Hono, context: Context): void {
  const { store, actions, limits, machines, now } = context;

  app.get("/volumes", (c) =>
    answerList(c, store.volumes.all(), {
      key: "volumes",
      sort: { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created },
      filters: { status: { of: statusOf, values: ["available", "creating"] } },
      format,
    }),
  );
  app.get("/volumes/:id{[0-9]+}", (c) => c.json({ volume: format(find(idParam(c))) }));

  app.post("/volumes", async (c) => {
    const body = await readBody(c, createSchema);
    if ((body.server === undefined) === (body.location === undefined)) {
      throw invalidField("location", "exactly one of location and server must be given");
    }
    if (body.automount && body.server === undefined)
      throw invalidField("automount", "needs a server");
    if (store.volumes.byName(body.name) !== undefined) throw notUnique("name");
    if (store.volumes.size >= limits.volumes) throw limitExceeded("volumes_limit");
    const server = body.server === undefined ? undefined : findServer(body.server);
    if (server !== undefined) actions.demandUnlocked({ type: "server", id: server.id });
    const volume = store.volumes.add({
      id: store.nextId(),
      name: body.name,
      created: now().toISOString(),
      labels: body.labels ?? {},
      size: body.size,
      location: server?.location ?? knownLocation(body.location),
      server: server?.id ?? null,
      format: body.format ?? null,
      protection: { delete: false },
    });
    const created = actions.start("create_volume", { type: "volume", id: volume.id });
    if (server !== undefined) machines.attach(server.id, volume.id);
    const next = server === undefined ? [] : [attached(volume, server.id)];
    return c.json(
      { volume: format(volume), action: actions.format(created), next_actions: next },
      201,
    );
  });

  app.put("/volumes/:id{[0-9]+}", async (c) => {
    const volume = find(idParam(c));
    const body = await readBody(c, updateSchema);
    if (body.name !== undefined && body.name !== volume.name) {
      if (store.volumes.byName(body.name) !== undefined) throw notUnique("name");
      store.volumes.rename(volume, body.name);
    }
    volume.labels = body.labels ?? volume.labels;
    return c.json({ volume: format(volume) });
  });

  app.delete("/volumes/:id{[0-9]+}", (c) => {
    const volume = find(idParam(c));
    actions.demandUnlocked({ type: "volume", id: volume.id });
    if (volume.protection.delete)
      throw new ApiError("protected", "volume is protected against deletion");
    if (volume.server !== null)
      throw new ApiError("resource_in_use", "volume is still attached to a server");
    store.volumes.delete(volume);
    machines.deleteVolume(volume.id);
    return c.body(null, 204);
  });

  app.post("/volumes/:id{[0-9]+}/actions/attach", async (c) => {
    const volume = find(idParam(c));
    const { server: serverId } = await readBody(c, attachSchema);
    const server = findServer(serverId);
    actions.demandUnlocked({ type: "volume", id: volume.id }, { type: "server", id: server.id });
    if (volume.server !== null)
      throw new ApiError("service_error", "volume is already attached to a server");
    if (volume.location !== server.location) {
      throw invalidField("server", "server and volume must be in the same location");
    }
    volume.server = server.id;
    machines.attach(server.id, volume.id);
    return c.json({ action: attached(volume, server.id) }, 201);
  });

  app.post("/volumes/:id{[0-9]+}/actions/detach", (c) => {
    const volume = find(idParam(c));
    actions.demandUnlocked({ type: "volume", id: volume.id });
    if (volume.server === null)
      throw new ApiError("service_error", "volume is not attached to a server");
    const server = volume.server;
    volume.server = null;
    machines.detach(server, volume.id);
    const action = actions.start(
      "detach_volume",
      { type: "volume", id: volume.id },
      { type: "server", id: server },
    );
    return c.json({ action: actions.format(action) }, 201);
  });

  app.post("/volumes/:id{[0-9]+}/actions/resize", async (c) => {
    const volume = find(idParam(c));
    const { size } = await readBody(c, resizeSchema);
    actions.demandUnlocked({ type: "volume", id: volume.id });
    if (size <= volume.size) throw invalidField("size", "must be larger than the current size");
    volume.size = size;
    machines.resizeVolume(volume.id);
    return c.json(
      { action: actions.format(actions.start("resize_volume", { type: "volume", id: volume.id })) },
      201,
    );
  });

  app.post("/volumes/:id{[0-9]+}/actions/change_protection", async (c) => {
    const volume = find(idParam(c));
    actions.demandUnlocked({ type: "volume", id: volume.id });
    volume.protection = await readBody(c, protectionSchema);
    return c.json(
      {
        action: actions.format(
          actions.start("change_protection", { type: "volume", id: volume.id }),
        ),
      },
      201,
    );
  });

  function attached(volume: Volume, server: number) {
    return actions.format(
      actions.start(
        "attach_volume",
        { type: "volume", id: volume.id },
        { type: "server", id: server },
      ),
    );
  }

  function statusOf({ id }: Volume): "creating" | "available" {
    return actions.running({ type: "volume", id })?.command === "create_volume"
      ? "creating"
      : "available";
  }

  function format(volume: Volume) {
    return {
      id: volume.id,
      name: volume.name,
      created: volume.created,
      server: volume.server,
      location: formatLocation(volume.location),
      size: volume.size,
      linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${volume.id}`,
      protection: volume.protection,
      labels: volume.labels,
      status: statusOf(volume),
      format: volume.format,
    };
  }

  function find(id: number): Volume {
    const volume = store.volumes.get(id);
    if (volume === undefined) throw notFound("volume", id);
    return volume;
  }

  function findServer(id: number) {
    const server = store.servers.get(id);
    if (server === undefined) throw notFound("server", id);
    return server;
  }
}

/** A location as a client may name it: by name, or by id. */
export function knownLocation(wanted: string | number | undefined): string {
  const byId = typeof wanted === "number" || /^\d+$/.test(wanted ?? "");
  const location = byId ? locationById(Number(wanted)) : locationNamed(String(wanted))?.name;
  if (location === undefined) throw invalidField("location", `location '${wanted}' does not exist`);
  return location;
}

function locationById(id: number): string | undefined {
  return catalogue.locations[id - 1]?.name;
}

export function limitExceeded(limit: string): ApiError {
  return new ApiError("resource_limit_exceeded", "project limit exceeded", {
    limits: [{ name: limit }],
  });
}
