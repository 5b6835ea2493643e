import type { Hono } from "hono";
import { z } from "zod";
import type { Context } from "../context.ts";
import { ApiError, invalidField, notFound } from "../errors.ts";
import type { Image } from "../model.ts";
import { answerList, idParam, labelsSchema, readBody } from "../request.ts";

const updateSchema = z.object({
  description: z.string().max(255).optional(),
  type: z.literal("snapshot").optional(),
  labels: labelsSchema.optional(),
});
const protectionSchema = z.object({ delete: z.boolean() });

/** System images, and what is made of servers: snapshots and backups. */
export function imageRoutes(app: Hono, { store, actions, machines }: Context): void {
  app.get("/images", (c) =>
    // Only system images have a name that clients see.
    answerList(c, [...store.images.values()].map(nameless), {
      key: "images",
      sort: { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created },
      filters: {
        type: { of: ({ type }) => type, values: ["system", "snapshot", "backup", "app"] },
        status: { of: statusOf, values: ["available", "creating", "unavailable"] },
        architecture: { of: ({ architecture }) => architecture, values: ["x86", "arm"] },
        bound_to: { of: ({ boundTo }) => String(boundTo) },
      },
      format,
    }),
  );
  app.get("/images/:id{[0-9]+}", (c) => c.json({ image: format(find(idParam(c))) }));

  app.put("/images/:id{[0-9]+}", async (c) => {
    const image = findOwn(idParam(c));
    const body = await readBody(c, updateSchema);
    image.description = body.description ?? image.description;
    image.labels = body.labels ?? image.labels;
    if (body.type !== undefined) {
      image.type = body.type;
      image.boundTo = null;
    }
    return c.json({ image: format(image) });
  });

  app.delete("/images/:id{[0-9]+}", (c) => {
    const image = findOwn(idParam(c));
    actions.demandUnlocked({ type: "image", id: image.id });
    if (image.protection.delete)
      throw new ApiError("protected", "image is protected against deletion");
    store.images.delete(image.id);
    machines.deleteImage(image.id);
    return c.body(null, 204);
  });

  app.post("/images/:id{[0-9]+}/actions/change_protection", async (c) => {
    const image = findOwn(idParam(c));
    image.protection = await readBody(c, protectionSchema);
    return c.json(
      {
        action: actions.format(actions.start("change_protection", { type: "image", id: image.id })),
      },
      201,
    );
  });

  function format(image: Image) {
    return formatImage(image, statusOf(image));
  }

  function statusOf({ id }: Image): "creating" | "available" {
    const isCreating =
      actions.running({ type: "image", id })?.command === "create_image" ||
      machines.isCreatingImage(id);
    return isCreating ? "creating" : "available";
  }

  function find(id: number): Image {
    const image = store.images.get(id);
    if (image === undefined) throw notFound("image", id);
    return image;
  }

  function findOwn(id: number): Image {
    const image = find(id);
    if (image.type === "system") throw invalidField("id", "system images cannot be changed");
    return image;
  }
}

function nameless(image: Image): Image {
  return image.type === "system" ? image : { ...image, name: "" };
}

export function formatImage(image: Image, status: "creating" | "available" = "available") {
  return {
    id: image.id,
    type: image.type,
    status,
    name: image.type === "system" ? image.name : null,
    description: image.description,
    image_size: image.type === "system" ? null : 2.5,
    disk_size: image.diskSize,
    created: image.created,
    created_from: image.createdFrom,
    bound_to: image.boundTo,
    os_flavor: image.osFlavor,
    os_version: image.osVersion,
    rapid_deploy: image.type === "system",
    protection: image.protection,
    deprecated: null,
    deleted: null,
    labels: image.labels,
    architecture: image.architecture,
  };
}
