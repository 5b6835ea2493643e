import type { Hono, Context as HonoContext } from "hono";
import { z } from "zod";
import { catalogue, isAvailable, serverTypeNamed } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { ApiError, invalidField } from "../errors.ts";
import type { Server } from "../model.ts";
import { idParam, labelsSchema, readBody } from "../request.ts";
import { formatImage } from "./images.ts";
import { addressOf, defaultPointer } from "./primary-ips.ts";
import { findImage, findServer, sha256, userDataSchema } from "./servers.ts";

const changeTypeSchema = z.object({
  server_type: z.union([z.string(), z.int()]),
  upgrade_disk: z.boolean(),
});
const rebuildSchema = z.object({
  image: z.union([z.string(), z.int()]),
  user_data: userDataSchema.optional(),
});
const protectionSchema = z.object({
  delete: z.boolean().optional(),
  rebuild: z.boolean().optional(),
});
const createImageSchema = z.object({
  description: z.string().max(255).optional(),
  type: z.enum(["snapshot", "backup"]).optional(),
  labels: labelsSchema.optional(),
});
const dnsSchema = z.object({ ip: z.string(), dns_ptr: z.string().nullable() });

/** What can be done to a server. Each answers the action that it started. */
export function serverActionRoutes(app: Hono, context: Context): void {
  const { store, actions, machines, now } = context;

  /** Routes an action whose server must not be locked; `act` names the command. */
  function route(
    name: string,
    act: (server: Server, c: HonoContext) => Promise<string> | string,
  ): void {
    app.post(`/servers/:id{[0-9]+}/actions/${name}`, async (c) => {
      const server = findServer(context, idParam(c));
      actions.demandUnlocked({ type: "server", id: server.id });
      const command = await act(server, c);
      return c.json(
        { action: actions.format(actions.start(command, { type: "server", id: server.id })) },
        201,
      );
    });
  }

  route("poweron", (server) => {
    server.power = "running";
    machines.powerOn(server.id);
    return "start_server";
  });
  route("poweroff", (server) => {
    server.power = "off";
    machines.powerOff(server.id, false);
    return "stop_server";
  });
  route("shutdown", (server) => {
    server.power = "off";
    machines.powerOff(server.id, true);
    return "shutdown_server";
  });
  for (const [name, command, graceful] of [
    ["reboot", "reboot_server", true],
    ["reset", "reset_server", false],
  ] as const) {
    route(name, (server) => {
      if (server.power === "off") throw new ApiError("service_error", "server is off");
      machines.powerOff(server.id, graceful);
      machines.powerOn(server.id);
      return command;
    });
  }

  route("change_type", async (server, c) => {
    const body = await readBody(c, changeTypeSchema);
    const wanted = body.server_type;
    const type =
      typeof wanted === "number" ? catalogue.serverTypes[wanted - 1] : serverTypeNamed(wanted);
    if (type === undefined)
      throw invalidField("server_type", `server type '${wanted}' does not exist`);
    if (server.power !== "off")
      throw new ApiError("server_not_stopped", "server must be powered off");
    const before = serverTypeNamed(server.serverType);
    if (type.architecture !== before?.architecture) {
      throw new ApiError("invalid_server_type", "server type has another architecture");
    }
    if (type.diskGb < server.primaryDiskSize) {
      throw new ApiError(
        "invalid_server_type",
        "disk of the server type is smaller than the server's",
      );
    }
    if (!type.locations.includes(server.location) || !isAvailable(type.name, server.location)) {
      throw new ApiError(
        "resource_unavailable",
        `${type.name} is not available in ${server.location}`,
      );
    }
    server.serverType = type.name;
    if (body.upgrade_disk) server.primaryDiskSize = type.diskGb;
    // The vendor starts it again by itself.
    server.power = "running";
    machines.powerOn(server.id);
    return "change_server_type";
  });

  route("change_protection", async (server, c) => {
    const body = await readBody(c, protectionSchema);
    const next = { ...server.protection, ...definedOnly(body) };
    if (next.delete !== next.rebuild) {
      throw invalidField("rebuild", "delete and rebuild protection must have the same value");
    }
    server.protection = next;
    return "change_protection";
  });

  route("enable_backup", (server) => {
    server.backupWindow ??= "22-02";
    return "enable_backup";
  });
  route("disable_backup", (server) => {
    server.backupWindow = null;
    for (const image of [...store.images.values()])
      if (image.boundTo === server.id) store.images.delete(image.id);
    return "disable_backup";
  });

  route("change_dns_ptr", async (server, c) => {
    const body = await readBody(c, dnsSchema);
    const type = body.ip.includes(":") ? "ipv6" : "ipv4";
    const address = addressOf(context, server.id, type);
    if (address === undefined) throw invalidField("ip", "is not an address of the server");
    const others = address.dnsPtr.filter(({ ip }) => ip !== body.ip);
    address.dnsPtr = [...others, { ip: body.ip, dns_ptr: body.dns_ptr ?? defaultPointer(body.ip) }];
    return "change_dns_ptr";
  });

  app.post("/servers/:id{[0-9]+}/actions/rebuild", async (c) => {
    const server = findServer(context, idParam(c));
    actions.demandUnlocked({ type: "server", id: server.id });
    if (server.protection.rebuild)
      throw new ApiError("protected", "server is protected against rebuild");
    const body = await readBody(c, rebuildSchema);
    const image = findImage(
      context,
      body.image,
      serverTypeNamed(server.serverType)?.architecture ?? "x86",
    );
    server.imageId = image.id;
    server.power = "running";
    if (body.user_data !== undefined) server.userDataSha256 = sha256(body.user_data);
    machines.rebuild(server.id, body.user_data);
    const action = actions.start("rebuild_server", { type: "server", id: server.id });
    return c.json({ action: actions.format(action), root_password: "emulated-root-password" }, 201);
  });

  app.post("/servers/:id{[0-9]+}/actions/create_image", async (c) => {
    const server = findServer(context, idParam(c));
    actions.demandUnlocked({ type: "server", id: server.id });
    const body = await readBody(c, createImageSchema);
    const type = body.type ?? "snapshot";
    if (type === "backup" && server.backupWindow === null) {
      throw new ApiError("service_error", "backups are not enabled for the server");
    }
    const id = store.nextId();
    const source = server.imageId === null ? undefined : store.images.get(server.imageId);
    const image = {
      id,
      name: `image-${id}`,
      created: now().toISOString(),
      labels: body.labels ?? {},
      type,
      description: body.description ?? `${server.name} ${type}`,
      architecture: serverTypeNamed(server.serverType)?.architecture ?? "x86",
      osFlavor: source?.osFlavor ?? "unknown",
      osVersion: source?.osVersion ?? null,
      diskSize: server.primaryDiskSize,
      createdFrom: { id: server.id, name: server.name },
      boundTo: type === "backup" ? server.id : null,
      protection: { delete: false },
    };
    store.images.set(id, image);
    const action = actions.start(
      "create_image",
      { type: "server", id: server.id },
      { type: "image", id },
    );
    machines.createImage(server.id, id);
    const isCreating = actions.format(action).status === "running" || machines.isCreatingImage(id);
    const status = isCreating ? "creating" : "available";
    return c.json({ image: formatImage(image, status), action: actions.format(action) }, 201);
  });
}

function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
