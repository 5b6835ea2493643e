import { request } from "node:https";
import { canaryKey } from "@bureau/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeProvider, type FakeProvider, onlyKeys } from "./fake-provider.ts";
import { type ProviderName, providerHosts } from "./providers.ts";

const keys = {
  anthropic: canaryKey("anthropic"),
  openai: canaryKey("openai"),
  openrouter: canaryKey("openrouter"),
};
const providers = Object.keys(keys) as ProviderName[];
const header = (provider: ProviderName, key: string = keys[provider]): Record<string, string> =>
  provider === "anthropic" ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
const chatPath = {
  anthropic: "/v1/messages",
  openai: "/v1/responses",
  openrouter: "/api/v1/chat/completions",
};
const said = (provider: ProviderName, text: string, more: object = {}) => ({
  model: "model-1",
  ...(provider === "openai"
    ? { input: [{ role: "user", content: [{ type: "input_text", text }] }] }
    : { messages: [{ role: "user", content: text }] }),
  ...more,
});

let fake: FakeProvider;

beforeEach(async () => {
  fake = await createFakeProvider({
    accepts: onlyKeys(providers.map((provider) => ({ provider, key: keys[provider] }))),
  });
});
afterEach(async () => {
  await fake.close();
  for (const key of Object.values(keys)) expect(JSON.stringify(fake.requests())).not.toContain(key);
});

interface Got {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect, and fail if it is not there
  readonly body: any;
  /** Data of each event of a stream. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly events: any[];
}

function call(
  provider: ProviderName,
  path: string,
  body?: unknown,
  headers: Record<string, string> = header(provider),
): Promise<Got> {
  const host = providerHosts[provider];
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: "127.0.0.1", port: fake.port, servername: host, ca: fake.ca, path },
        agent: false,
        method: body === undefined ? "GET" : "POST",
        headers: { host, "content-type": "application/json", ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const data = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = ""]) => json);
          resolve({
            status: response.statusCode ?? 0,
            text,
            body: text.startsWith("{") ? JSON.parse(text) : undefined,
            events: data.map((json) => JSON.parse(json)),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function answerText(provider: ProviderName, { body }: Got): string {
  if (provider === "anthropic") return body.content[0].text;
  if (provider === "openai") return body.output[0].content[0].text;
  return body.choices[0].message.content;
}

test.each(providers)("%s repeats what was said, to its own key in its own header", async (name) => {
  const got = await call(name, chatPath[name], said(name, "hello there"));
  expect(got.status).toBe(200);
  expect(answerText(name, got)).toBe("You said: hello there");
  expect(fake.requests()).toEqual([
    {
      provider: name,
      method: "POST",
      path: chatPath[name],
      keyHeader: name === "anthropic" ? "x-api-key" : "authorization",
      key: "accepted",
      model: "model-1",
      stream: false,
      text: "hello there",
      status: 200,
    },
  ]);
});

test.each(providers)("%s refuses another's key, and none, in its own words", async (name) => {
  const other = name === "openai" ? "anthropic" : "openai";
  const wrong = await call(name, chatPath[name], said(name, "x"), header(name, keys[other]));
  const missing = await call(name, chatPath[name], said(name, "x"), {});
  expect([wrong.status, missing.status]).toEqual([401, 401]);
  expect(wrong.body.error.message).toMatch(/invalid x-api-key|Incorrect API key|User not found/);
  expect(fake.requests().map(({ key }) => key)).toEqual(["wrong", "missing"]);
});

test("a key in the header of another vendor is missing", async () => {
  await call("anthropic", chatPath.anthropic, said("anthropic", "x"), {
    authorization: `Bearer ${keys.anthropic}`,
  });
  expect(fake.requests()[0]).toMatchObject({ key: "missing", keyHeader: "authorization" });
});

test.each([
  ["anthropic", "/v1/models"],
  ["openai", "/v1/models"],
  ["openrouter", "/api/v1/key"],
] as const)("%s says by GET %s whether the key is good", async (name, path) => {
  expect((await call(name, path)).status).toBe(200);
  expect((await call(name, path, undefined, {})).status).toBe(401);
});

test("OpenRouter's list of models is open to anyone, as the vendor's is", async () => {
  expect((await call("openrouter", "/api/v1/models", undefined, {})).status).toBe(200);
});

test.each(providers)("%s does not know other routes", async (name) => {
  expect((await call(name, "/v1/files")).status).toBe(404);
});

test.each(providers)("%s answers what is no request with 400", async (name) => {
  expect((await call(name, chatPath[name], { model: 3 })).status).toBe(400);
});

const tools = {
  anthropic: [{ name: "exec", input_schema: {} }],
  openai: [{ type: "function", name: "exec", parameters: {} }],
  openrouter: [{ type: "function", function: { name: "exec", parameters: {} } }],
};

test("Anthropic's stream is a whole message, and its tool call has the command", async () => {
  const body = said("anthropic", "[run] id -u [/run]", { stream: true, tools: tools.anthropic });
  const { events } = await call("anthropic", chatPath.anthropic, body);
  expect(events.map(({ type }) => type)).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(JSON.parse(events[2].delta.partial_json)).toEqual({ command: "id -u" });
  expect(events[4].delta.stop_reason).toBe("tool_use");
});

test("OpenAI's stream ends with the completed response, its events numbered", async () => {
  const body = said("openai", "hello", { stream: true });
  const { events } = await call("openai", chatPath.openai, body);
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i));
  expect(events.at(-1)).toMatchObject({
    type: "response.completed",
    response: { status: "completed", output: [{ content: [{ text: "You said: hello" }] }] },
  });
});

test("OpenAI's tool call has its arguments in the stream and in the end", async () => {
  const body = said("openai", "[run] id -u [/run]", { stream: true, tools: tools.openai });
  const { events } = await call("openai", chatPath.openai, body);
  const done = events.find(({ type }) => type === "response.function_call_arguments.done");
  expect(JSON.parse(done.arguments)).toEqual({ command: "id -u" });
  expect(events.at(-1).response.output[0].name).toBe("exec");
});

test("a stream of chat completions ends with usage and [DONE]", async () => {
  const body = said("openrouter", "hello", { stream: true });
  const { text, events } = await call("openrouter", chatPath.openrouter, body);
  expect(events.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(
    "You said: hello",
  );
  expect(events.at(-1).usage.total_tokens).toBeGreaterThan(0);
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
});

test("a result of a tool is repeated", async () => {
  const messages = [
    { role: "user", content: "[run] id -u [/run]" },
    { role: "tool", tool_call_id: "call_1", content: "2000" },
  ];
  const got = await call("openrouter", chatPath.openrouter, { model: "m", messages });
  expect(answerText("openrouter", got)).toBe("tool said: 2000");
});

test("embeddings have the model's dimensions, as numbers or as base64", async () => {
  const ask = (more: object) =>
    call("openai", "/v1/embeddings", {
      input: ["one two"],
      model: "text-embedding-3-large",
      ...more,
    });
  const plain = (await ask({})).body.data[0].embedding;
  const packed = (await ask({ encoding_format: "base64" })).body.data[0].embedding;
  expect(plain).toHaveLength(3072);
  const bytes = Buffer.from(packed, "base64");
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  expect(floats[0]).toBeCloseTo(plain[0]);
  expect(floats).toHaveLength(3072);
});

test("a model can be overloaded a number of times, another is not", async () => {
  fake.behave({ model: "model-1", status: 529, times: 1 });
  const ask = (model: string) =>
    call("anthropic", chatPath.anthropic, { ...said("anthropic", "x"), model });
  expect((await ask("model-2")).status).toBe(200);
  const overloaded = await ask("model-1");
  expect(overloaded.status).toBe(529);
  expect(overloaded.body.error.type).toBe("overloaded_error");
  expect((await ask("model-1")).status).toBe(200);
});

test("a stream can be cut", async () => {
  fake.behave({ cutAfter: 2 });
  const body = said("anthropic", "hello", { stream: true });
  await expect(call("anthropic", chatPath.anthropic, body)).rejects.toThrow();
});

test("while it is down nothing listens; afterwards it answers at the same port", async () => {
  await fake.setDown(true);
  await expect(call("openai", "/v1/models")).rejects.toThrow("ECONNREFUSED");
  await fake.setDown(false);
  expect((await call("openai", "/v1/models")).status).toBe(200);
});
