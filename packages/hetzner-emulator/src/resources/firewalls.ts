import type { Hono } from "hono";
import { z } from "zod";
import type { Context } from "../context.ts";
import { ApiError, notFound, notUnique } from "../errors.ts";
import { parseSelector } from "../labels.ts";
import type { Action, Firewall, Server } from "../model.ts";
import { answerList, idParam, labelsSchema, nameSchema, readBody } from "../request.ts";
import { rulesSchema, toRule } from "./firewall-rules.ts";
import { limitExceeded } from "./volumes.ts";

const name = nameSchema(128);
const targetSchema = z.union([
  z.object({ type: z.literal("server"), server: z.object({ id: z.int() }) }),
  z.object({
    type: z.literal("label_selector"),
    label_selector: z.object({ selector: z.string() }),
  }),
]);
const createSchema = z.object({
  name,
  labels: labelsSchema.optional(),
  rules: rulesSchema.nullish(),
  apply_to: z.array(targetSchema).nullish(),
});
const updateSchema = z.object({ name: name.optional(), labels: labelsSchema.optional() });
const applySchema = z.object({ apply_to: z.array(targetSchema) });
const removeSchema = z.object({ remove_from: z.array(targetSchema) });

type Target = z.output<typeof targetSchema>;

export function firewallRoutes(app: Hono, context: Context): void {
  const { store, actions, limits, now } = context;

  app.get("/firewalls", (c) =>
    answerList(c, store.firewalls.all(), {
      key: "firewalls",
      sort: { id: ({ id }) => id, name: ({ name }) => name, created: ({ created }) => created },
      format,
    }),
  );
  app.get("/firewalls/:id{[0-9]+}", (c) => c.json({ firewall: format(find(idParam(c))) }));

  app.post("/firewalls", async (c) => {
    const body = await readBody(c, createSchema);
    if (store.firewalls.byName(body.name) !== undefined) throw notUnique("name");
    if (store.firewalls.size >= limits.firewalls) throw limitExceeded("firewall_limit");
    const targets = (body.apply_to ?? []).map((target) => JSON.stringify(target));
    if (new Set(targets).size < targets.length)
      throw new ApiError("server_already_added", "a resource is named twice");
    for (const target of body.apply_to ?? []) serverOf(target);
    const firewall = store.firewalls.add({
      id: store.nextId(),
      name: body.name,
      created: now().toISOString(),
      labels: body.labels ?? {},
      rules: (body.rules ?? []).map(toRule),
      selectors: [],
    });
    const started = [
      actions.start("set_firewall_rules", { type: "firewall", id: firewall.id }),
      ...(body.apply_to ?? []).map((target) => apply(firewall, target)),
    ];
    return c.json({ firewall: format(firewall), actions: started.map(actions.format) }, 201);
  });

  app.put("/firewalls/:id{[0-9]+}", async (c) => {
    const firewall = find(idParam(c));
    const body = await readBody(c, updateSchema);
    if (body.name !== undefined && body.name !== firewall.name) {
      if (store.firewalls.byName(body.name) !== undefined) throw notUnique("name");
      store.firewalls.rename(firewall, body.name);
    }
    firewall.labels = body.labels ?? firewall.labels;
    return c.json({ firewall: format(firewall) });
  });

  app.delete("/firewalls/:id{[0-9]+}", (c) => {
    const firewall = findSettled(idParam(c));
    if (appliedTo(firewall).length > 0) {
      throw new ApiError("resource_in_use", "firewall is still applied to a resource");
    }
    store.firewalls.delete(firewall);
    return c.body(null, 204);
  });

  app.post("/firewalls/:id{[0-9]+}/actions/set_rules", async (c) => {
    const firewall = findSettled(idParam(c));
    const { rules } = await readBody(c, z.object({ rules: rulesSchema }));
    firewall.rules = rules.map(toRule);
    const started = [actions.start("set_firewall_rules", { type: "firewall", id: firewall.id })];
    return c.json({ actions: started.map(actions.format) }, 201);
  });

  app.post("/firewalls/:id{[0-9]+}/actions/apply_to_resources", async (c) => {
    const firewall = findSettled(idParam(c));
    const { apply_to: targets } = await readBody(c, applySchema);
    for (const target of targets) {
      const applied =
        target.type === "label_selector"
          ? firewall.selectors.includes(target.label_selector.selector)
          : serverOf(target)?.firewallIds.includes(firewall.id);
      if (applied) {
        throw new ApiError("firewall_already_applied", "firewall is already applied to it");
      }
    }
    const started = targets.map((target) => apply(firewall, target));
    return c.json({ actions: started.map(actions.format) }, 201);
  });

  app.post("/firewalls/:id{[0-9]+}/actions/remove_from_resources", async (c) => {
    const firewall = findSettled(idParam(c));
    const { remove_from: targets } = await readBody(c, removeSchema);
    for (const target of targets) {
      const server = serverOf(target);
      if (
        target.type === "label_selector" &&
        !firewall.selectors.includes(target.label_selector.selector)
      ) {
        throw new ApiError("firewall_resource_not_found", "firewall has no such label selector");
      }
      if (server !== undefined && !server.firewallIds.includes(firewall.id)) {
        const managed = firewall.selectors.some((selector) =>
          parseSelector(selector)(server.labels),
        );
        throw managed
          ? new ApiError(
              "firewall_managed_by_label_selector",
              "server is matched by a label selector",
            )
          : new ApiError("firewall_resource_not_found", "firewall is not applied to the server");
      }
    }
    const started = targets.map((target) => remove(firewall, target));
    return c.json({ actions: started.map(actions.format) }, 201);
  });

  function apply(firewall: Firewall, target: Target): Action {
    const server = serverOf(target);
    server?.firewallIds.push(firewall.id);
    if (target.type === "label_selector") firewall.selectors.push(target.label_selector.selector);
    return started("apply_firewall", firewall, server);
  }

  function remove(firewall: Firewall, target: Target): Action {
    const server = serverOf(target);
    if (server !== undefined)
      server.firewallIds = server.firewallIds.filter((id) => id !== firewall.id);
    if (target.type === "label_selector") {
      firewall.selectors = firewall.selectors.filter(
        (selector) => selector !== target.label_selector.selector,
      );
    }
    return started("remove_firewall", firewall, server);
  }

  function started(command: string, { id }: Firewall, server: Server | undefined): Action {
    const of = { type: "firewall", id } as const;
    return server === undefined
      ? actions.start(command, of)
      : actions.start(command, of, { type: "server", id: server.id });
  }

  function serverOf(target: Target): Server | undefined {
    if (target.type === "label_selector") {
      parseSelector(target.label_selector.selector);
      return undefined;
    }
    const server = store.servers.get(target.server.id);
    if (server === undefined) {
      throw new ApiError(
        "firewall_resource_not_found",
        `server with ID '${target.server.id}' not found`,
      );
    }
    return server;
  }

  function appliedTo(firewall: Firewall) {
    const servers = store.servers.all();
    return [
      ...servers
        .filter(({ firewallIds }) => firewallIds.includes(firewall.id))
        .map(({ id }) => ({ type: "server", server: { id } })),
      ...firewall.selectors.map((selector) => {
        const matches = parseSelector(selector);
        return {
          type: "label_selector",
          label_selector: { selector },
          applied_to_resources: servers
            .filter(({ labels }) => matches(labels))
            .map(({ id }) => ({ type: "server", server: { id } })),
        };
      }),
    ];
  }

  function format(firewall: Firewall) {
    const { id, name, labels, created, rules } = firewall;
    return { id, name, labels, created, rules, applied_to: appliedTo(firewall) };
  }

  /** A firewall is not locked as other resources are: a change during another is a conflict. */
  function findSettled(id: number): Firewall {
    const firewall = find(id);
    if (actions.running({ type: "firewall", id }) !== undefined)
      throw new ApiError("conflict", `firewall ${id} is being changed`);
    return firewall;
  }

  function find(id: number): Firewall {
    const firewall = store.firewalls.get(id);
    if (firewall === undefined) throw notFound("firewall", id);
    return firewall;
  }
}
