import type { Hono } from "hono";
import type { Context } from "../context.ts";
import { invalidField, notFound } from "../errors.ts";
import type { Action, ResourceRef } from "../model.ts";
import { paginate, sortBy } from "../paging.ts";
import { idParam } from "../request.ts";

const nouns: Readonly<Record<string, ResourceRef["type"]>> = {
  servers: "server",
  volumes: "volume",
  primary_ips: "primary_ip",
  firewalls: "firewall",
  images: "image",
};

/** Looking at actions: by id, all of one kind of resource, all of one resource. */
export function actionRoutes(app: Hono, { store, actions }: Context): void {
  const sort = {
    id: ({ id }: Action) => id,
    command: ({ command }: Action) => command,
    status: (action: Action) => actions.format(action).status,
    started: ({ started }: Action) => started,
    finished: ({ finished }: Action) => finished ?? "",
    progress: (action: Action) => actions.format(action).progress,
  };
  const answer = (url: URL, found: readonly Action[]) => {
    const statuses = url.searchParams.getAll("status");
    const matching = found.filter(
      (action) => statuses.length === 0 || statuses.includes(actions.format(action).status),
    );
    const page = paginate(sortBy(matching, url, sort), url);
    return { actions: page.items.map((action) => actions.format(action)), meta: page.meta };
  };

  app.get("/actions", (c) => {
    const url = new URL(c.req.url);
    const ids = url.searchParams.getAll("id").map(Number);
    // Listing all actions of a project is no longer possible.
    if (ids.length === 0) throw invalidField("id", "is required");
    const found = ids.flatMap((id) => store.actions.get(id) ?? []);
    // Alone of all lists it comes without `meta`.
    return c.json({ actions: answer(url, found).actions });
  });
  app.get("/actions/:id{[0-9]+}", (c) => c.json({ action: actions.format(find(idParam(c))) }));

  for (const [noun, type] of Object.entries(nouns)) {
    const of = (id?: number) =>
      [...store.actions.values()].filter(({ resources }) =>
        resources.some(
          (resource) => resource.type === type && (id === undefined || resource.id === id),
        ),
      );
    app.get(`/${noun}/actions`, (c) => c.json(answer(new URL(c.req.url), of())));
    app.get(`/${noun}/actions/:id{[0-9]+}`, (c) =>
      c.json({ action: actions.format(find(idParam(c))) }),
    );
    app.get(`/${noun}/:id{[0-9]+}/actions`, (c) =>
      c.json(answer(new URL(c.req.url), of(idParam(c)))),
    );
    app.get(`/${noun}/:id{[0-9]+}/actions/:action{[0-9]+}`, (c) =>
      c.json({ action: actions.format(find(idParam(c, "action"))) }),
    );
  }

  function find(id: number): Action {
    const action = store.actions.get(id);
    if (action === undefined) throw notFound("action", id);
    return action;
  }
}
