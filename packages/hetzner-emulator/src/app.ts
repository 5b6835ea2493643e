import { timingSafeEqual } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context as HonoContext, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Context } from "./context.ts";
import { ApiError } from "./errors.ts";
import type { Fault } from "./faults.ts";
import { createRateLimiter, type RateLimit } from "./rate-limit.ts";
import { type RecordedRequest, recordBody } from "./recorder.ts";
import { actionRoutes } from "./resources/actions.ts";
import { firewallRoutes } from "./resources/firewalls.ts";
import { imageRoutes } from "./resources/images.ts";
import { primaryIpRoutes } from "./resources/primary-ips.ts";
import { readOnlyRoutes } from "./resources/read-only.ts";
import { serverActionRoutes } from "./resources/server-actions.ts";
import { serverRoutes } from "./resources/servers.ts";
import { sshKeyRoutes } from "./resources/ssh-keys.ts";
import { volumeRoutes } from "./resources/volumes.ts";

export interface AppOptions {
  /** The context may be replaced by a reset, so it is asked for at each request. */
  readonly context: Context;
  /** Undefined accepts any token of 64 characters. */
  readonly token: string | undefined;
  readonly rateLimit: RateLimit | false;
  readonly requests: RecordedRequest[];
  /** After a request that may have changed something. */
  readonly onChange: () => void;
  readonly onResponse: ((request: RecordedRequest, body: unknown) => void) | undefined;
}

type Env = { Bindings: HttpBindings };

/** The API. The order of the handlers is the order in which the vendor looks at a request. */
export function createApp(options: AppOptions): Hono<Env> {
  const { context } = options;
  const app = new Hono<Env>();
  app.use("/v1/*", record(options));
  app.use("/v1/*", fail(context));
  if (options.rateLimit !== false) app.use("/v1/*", limitRate(context, options.rateLimit));
  app.use("/v1/*", route404First(), authenticate(options.token));
  app.route("/v1", resources(context));
  app.notFound((c) => {
    const otherMethod = ["GET", "POST", "PUT", "DELETE"].some((method) =>
      app.router.match(method, c.req.path)[0].some(([[, { method: routed }]]) => routed !== "ALL"),
    );
    const error = otherMethod
      ? new ApiError("method_not_allowed", "method not allowed")
      : new ApiError("not_found", "api route not found");
    return answerError(c, error);
  });
  app.onError((error, c) => answerError(c, error));
  return app;
}

function resources(context: Context): Hono {
  const api = new Hono();
  readOnlyRoutes(api);
  actionRoutes(api, context);
  serverRoutes(api, context);
  serverActionRoutes(api, context);
  volumeRoutes(api, context);
  primaryIpRoutes(api, context);
  firewallRoutes(api, context);
  sshKeyRoutes(api, context);
  imageRoutes(api, context);
  return api;
}

function record({ requests, onChange, onResponse }: AppOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    const text = await c.req.text();
    const request: RecordedRequest = {
      method: c.req.method,
      path: url.pathname,
      query: url.search.slice(1),
      body: recordBody(text),
      status: undefined,
    };
    requests.push(request);
    await next();
    request.status = c.res.status;
    if (request.method !== "GET") onChange();
    if (onResponse === undefined) return;
    const isJson = c.res.headers.get("content-type")?.startsWith("application/json");
    onResponse(request, isJson ? await c.res.clone().json() : undefined);
  };
}

/** Faults come before everything else, as a broken network would. */
function fail({ faults, actions, store }: Context): MiddlewareHandler<Env> {
  return async (c, next) => {
    const fault = faults.take(c.req.method, new URL(c.req.url).pathname.replace(/^\/v1/, ""));
    if (fault === undefined) return next();
    return commit(fault, c, next);
  };

  async function commit(fault: Fault, c: HonoContext<Env>, next: () => Promise<void>) {
    if ("error" in fault) {
      const details =
        fault.error === "invalid_input"
          ? { fields: [{ name: "fault", messages: ["injected"] }] }
          : null;
      throw new ApiError(fault.error, "injected fault", details);
    }
    if ("status" in fault) {
      return c.html("<h1>injected fault</h1>", fault.status as ContentfulStatusCode);
    }
    if ("actionFails" in fault) {
      // An action that fails leaves what it was to change as it was; what was created is there.
      const before = structuredClone(store.state());
      await actions.failFirst(next);
      return store.revert(before);
    }
    if ("cut" in fault) {
      if (fault.cut === "after") await next();
      return hangUp(c);
    }
    // Never answered: the client gives up, or the emulator is closed and ends the connection.
    await new Promise((resolve) => c.env.incoming.socket.once("close", resolve));
    return hangUp(c);
  }

  function hangUp(c: HonoContext<Env>): Response {
    c.env.incoming.socket.destroy();
    return c.body(null);
  }
}

function limitRate({ now }: Context, limit: RateLimit): MiddlewareHandler<Env> {
  const ask = createRateLimiter(limit, now);
  return async (c, next) => {
    const { allowed, headers } = ask();
    if (!allowed) {
      const response = answerError(
        c,
        new ApiError("rate_limit_exceeded", "limit of requests exceeded"),
      );
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      return response;
    }
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}

const nouns =
  /^\/v1\/(actions|certificates|datacenters|firewalls|floating_ips|images|isos|load_balancer_types|load_balancers|locations|networks|placement_groups|pricing|primary_ips|server_types|servers|ssh_keys|volumes|zones)(\/|$)/;

/** An unknown path is told so even without a token. */
function route404First(): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!nouns.test(new URL(c.req.url).pathname))
      throw new ApiError("not_found", "api route not found");
    await next();
  };
}

const tokenLength = 64;

function authenticate(token: string | undefined): MiddlewareHandler<Env> {
  return async (c, next) => {
    const [, given] = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "") ?? [];
    if (given === undefined) throw new ApiError("unauthorized", "token is required");
    const good = token === undefined ? given.length === tokenLength : sameText(given, token);
    if (!good) throw new ApiError("unauthorized", "the token you have provided is invalid");
    await next();
  };
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

function answerError(c: HonoContext, error: unknown): Response {
  if (error instanceof ApiError) return c.json(error.body, error.status);
  if (error instanceof HTTPException) return error.getResponse();
  return c.json(new ApiError("server_error", "the emulator failed").body, 500);
}
