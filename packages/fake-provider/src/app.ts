import { setTimeout as delay } from "node:timers/promises";
import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import { ZodError } from "zod";
import type { Behaviour, Behaviours } from "./behaviour.ts";
import { type Answer, answerTo, type Turn } from "./conversation.ts";
import { errorBody, type ProviderName, providerAt, refusals } from "./providers.ts";
import {
  chatCompletionsBody,
  chatCompletionsEvents,
  readChatCompletions,
} from "./wire/chat-completions.ts";
import { embeddingsBody, readEmbeddings } from "./wire/embeddings.ts";
import { messagesBody, messagesEvents, readMessages } from "./wire/messages.ts";
import { readResponses, responsesBody, responsesEvents } from "./wire/responses.ts";
import { formatEvent, type StreamEvent } from "./wire/sse.ts";

/** A request as it came in; never the key. */
export interface ProviderRequest {
  readonly provider: ProviderName;
  readonly method: string;
  readonly path: string;
  /** Which header had a key. */
  readonly keyHeader: "x-api-key" | "authorization" | "both" | "none";
  /** A key in the header that this provider does not read is missing. */
  readonly key: "accepted" | "wrong" | "missing";
  readonly model: string | undefined;
  readonly stream: boolean;
  /** What the user said last, or a tool, or what was to be embedded. */
  readonly text: string;
  readonly status: number;
}

export interface AppOptions {
  readonly accepts: (provider: ProviderName, key: string) => boolean;
  readonly behaviours: Behaviours;
  readonly onRequest: (request: ProviderRequest) => void;
}

/** A call that was read: what is recorded of it, and how it is answered. */
interface Call {
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly text: string;
  readonly answer: (c: Context, behaviour: Behaviour | undefined) => Response | Promise<Response>;
}
type Read = (body: unknown) => Call;

const messages = conversation(readMessages, messagesBody, messagesEvents);
const responses = conversation(readResponses, responsesBody, responsesEvents);
const chat = conversation(readChatCompletions, chatCompletionsBody, chatCompletionsEvents);

/** Each vendor's calls that an agent makes. Without `open` they need a key. */
const routes: Readonly<Record<ProviderName, Readonly<Record<string, Read>>>> = {
  anthropic: {
    "POST /v1/messages": messages,
    "POST /v1/messages/count_tokens": constant({ input_tokens: 1 }),
    "GET /v1/models": constant({ data: [], has_more: false, first_id: null, last_id: null }),
  },
  openai: {
    "POST /v1/responses": responses,
    "POST /v1/chat/completions": chat,
    "POST /v1/embeddings": embeddings,
    "GET /v1/models": constant({ object: "list", data: [] }),
  },
  openrouter: {
    "POST /api/v1/chat/completions": chat,
    "POST /api/v1/embeddings": embeddings,
    "GET /api/v1/models": constant({ data: [] }),
    "GET /api/v1/key": constant({ data: { label: "test double", limit: null, usage: 0 } }),
  },
};
/** The one route that the vendor answers to anyone. */
const open = "openrouter GET /api/v1/models";

export function createApp({ accepts, behaviours, onRequest }: AppOptions): Hono {
  const app = new Hono();
  app.all("*", async (c) => {
    const provider = providerAt(c.req.header("host") ?? "");
    if (provider === undefined) return c.text("no provider of that name\n", 421);
    const { method, path } = c.req;
    const keyHeader = keyHeaderOf(c);
    const key = verdict(c, provider, accepts);
    const answered = (status: number, call?: Call) =>
      onRequest({
        ...{ provider, method, path, keyHeader, key, status },
        model: call?.model,
        stream: call?.stream ?? false,
        text: call?.text ?? "",
      });
    const refuse = (status: number, message: string, call?: Call) => {
      answered(status, call);
      return Response.json(errorBody(provider, status, message), { status });
    };

    const route = `${method} ${path}`;
    const read = routes[provider][route];
    if (read === undefined) return refuse(404, "no such route in the test double");
    if (key !== "accepted" && `${provider} ${route}` !== open)
      return refuse(401, refusals[provider]);
    let call: Call;
    try {
      call = read(method === "POST" ? await c.req.json() : undefined);
    } catch (error) {
      if (!(error instanceof ZodError || error instanceof SyntaxError)) throw error;
      return refuse(400, "the request is not understood");
    }
    const behaviour = behaviours.take(provider, call.model);
    if (behaviour !== undefined && "status" in behaviour)
      return refuse(behaviour.status, "as the test asked for", call);
    answered(200, call);
    return call.answer(c, behaviour);
  });
  return app;
}

function keyHeaderOf(c: Context): ProviderRequest["keyHeader"] {
  const [own, bearer] = [c.req.header("x-api-key"), c.req.header("authorization")];
  if (own) return bearer ? "both" : "x-api-key";
  return bearer ? "authorization" : "none";
}

function verdict(c: Context, provider: ProviderName, accepts: AppOptions["accepts"]) {
  const key =
    provider === "anthropic"
      ? c.req.header("x-api-key")
      : /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1];
  if (!key) return "missing";
  return accepts(provider, key) ? "accepted" : "wrong";
}

function conversation(
  read: (body: unknown) => Turn,
  whole: (turn: Turn, answer: Answer) => object,
  events: (turn: Turn, answer: Answer) => StreamEvent[],
): Read {
  return (body) => {
    const turn = read(body);
    const answer = answerTo(turn);
    return {
      model: turn.model,
      stream: turn.stream,
      text: turn.toolResult ?? turn.said ?? "",
      answer(c, behaviour) {
        if (behaviour !== undefined && "stall" in behaviour) return untilGone(c);
        if (!turn.stream) return c.json(whole(turn, answer));
        const cutAfter =
          behaviour !== undefined && "cutAfter" in behaviour ? behaviour.cutAfter : undefined;
        return streamed(c, events(turn, answer), cutAfter);
      },
    };
  };
}

function embeddings(body: unknown): Call {
  const request = readEmbeddings(body);
  return {
    model: request.model,
    stream: false,
    text: request.texts.join("\n"),
    answer: (c, behaviour) =>
      behaviour !== undefined && "stall" in behaviour
        ? untilGone(c)
        : c.json(embeddingsBody(request)),
  };
}

function constant(body: object): Read {
  return () => ({ model: undefined, stream: false, text: "", answer: (c) => c.json(body) });
}

function streamed(c: Context, events: readonly StreamEvent[], cutAfter: number | undefined) {
  c.header("content-type", "text/event-stream");
  c.header("cache-control", "no-cache");
  return stream(c, async (out) => {
    for (const [i, event] of events.entries()) {
      if (out.aborted) return;
      if (i === cutAfter) return socketOf(c).destroy();
      if (event.milliseconds) await delay(event.milliseconds);
      await out.write(formatEvent(event));
    }
  });
}

async function untilGone(c: Context): Promise<Response> {
  await new Promise<void>((resolve) => socketOf(c).once("close", resolve));
  return c.body(null); // to nobody
}

interface Socket {
  destroy(): void;
  once(event: "close", listener: () => void): void;
}

function socketOf(c: Context): Socket {
  return (c.env as { incoming: { socket: Socket } }).incoming.socket;
}
