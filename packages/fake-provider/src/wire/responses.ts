import { z } from "zod";
import { type Answer, afterLast, contentText, type Turn } from "../conversation.ts";
import { newId, type StreamEvent, tokens } from "./sse.ts";

const item = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: z.unknown().optional(),
  output: z.unknown().optional(),
});
const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().nullish(),
  input: z.union([z.string(), z.array(item).min(1)]),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
});

/** OpenAI's Responses API. @throws ZodError for what is no request of it. */
export function readResponses(body: unknown): Turn {
  const { model, stream, input, tools = [] } = requestSchema.parse(body);
  const items: Item[] = typeof input === "string" ? [{ role: "user", content: input }] : input;
  const turn = afterLast(items, isModels);
  const results = turn.filter(({ type }) => type === "function_call_output");
  return {
    model,
    stream: stream ?? false,
    hasTool: (name) => tools.some((tool) => tool.name === name),
    said:
      results.length > 0
        ? undefined
        : joined(turn.filter(({ role }) => role === "user").map(({ content }) => content)),
    toolResult: results.length > 0 ? joined(results.map(({ output }) => output)) : undefined,
  };
}

type Item = z.output<typeof item>;

function isModels({ role, type }: Item): boolean {
  return role === "assistant" || type === "function_call" || type === "reasoning";
}

function joined(contents: readonly unknown[]): string {
  return contents.map(contentText).join("\n");
}

export function responsesBody(turn: Turn, answer: Answer): object {
  return completed(turn, newId("resp_"), outputItem(answer));
}

export function responsesEvents(turn: Turn, answer: Answer): StreamEvent[] {
  const id = newId("resp_");
  const finished = outputItem(answer);
  const pending = { ...completed(turn, id), status: "in_progress", usage: null };
  const at = { output_index: 0, item_id: finished.id };
  const events: Numbered[] = [
    { type: "response.created", response: pending },
    { type: "response.in_progress", response: pending },
  ];
  if (answer.kind === "text") {
    const text = answer.deltas.join("");
    const part = { type: "output_text", text: "", annotations: [] };
    const content = { ...at, content_index: 0 };
    events.push(
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...finished, status: "in_progress", content: [] },
      },
      { type: "response.content_part.added", ...content, part },
      ...answer.deltas.map((delta) => ({
        type: "response.output_text.delta",
        ...content,
        delta,
        milliseconds: answer.milliseconds,
      })),
      { type: "response.output_text.done", ...content, text },
      { type: "response.content_part.done", ...content, part: { ...part, text } },
    );
  } else {
    const args = JSON.stringify(answer.input);
    events.push(
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...finished, status: "in_progress", arguments: "" },
      },
      { type: "response.function_call_arguments.delta", ...at, delta: args },
      { type: "response.function_call_arguments.done", ...at, arguments: args },
    );
  }
  events.push(
    { type: "response.output_item.done", output_index: 0, item: finished },
    { type: "response.completed", response: completed(turn, id, finished) },
  );
  return events.map(({ milliseconds, ...event }, i) => ({
    event: event.type,
    data: JSON.stringify({ ...event, sequence_number: i }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
  }));
}

type Numbered = { type: string; milliseconds?: number } & Record<string, unknown>;

function outputItem(answer: Answer) {
  if (answer.kind === "text") {
    return {
      id: newId("msg_"),
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: answer.deltas.join(""), annotations: [] }],
    };
  }
  return {
    id: newId("fc_"),
    type: "function_call",
    status: "completed",
    call_id: newId("call_"),
    name: answer.name,
    arguments: JSON.stringify(answer.input),
  };
}

function completed({ model, said = "" }: Turn, id: string, item?: object) {
  const input = tokens(said);
  return {
    id,
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    status: "completed",
    error: null,
    incomplete_details: null,
    model,
    output: item === undefined ? [] : [item],
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + 1,
    },
  };
}
