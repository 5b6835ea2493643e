import { z } from "zod";
import { type Answer, afterLast, contentText, type Turn } from "../conversation.ts";
import { named, newId, type StreamEvent, tokens } from "./sse.ts";

const block = z.looseObject({ type: z.string(), content: z.unknown().optional() });
const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(block)]) }))
    .min(1),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** Anthropic's Messages API. @throws ZodError for what is no request of it. */
export function readMessages(body: unknown): Turn {
  const { model, stream = false, messages, tools = [] } = requestSchema.parse(body);
  const contents = afterLast(messages, ({ role }) => role === "assistant").map(
    ({ content }) => content,
  );
  const results = contents
    .flatMap((content) => (typeof content === "string" ? [] : content))
    .filter(({ type }) => type === "tool_result");
  return {
    model,
    stream,
    hasTool: (name) => tools.some((tool) => tool.name === name),
    said: results.length > 0 ? undefined : contents.map(contentText).join("\n"),
    toolResult:
      results.length > 0
        ? results.map(({ content }) => contentText(content)).join("\n")
        : undefined,
  };
}

export function messagesBody(turn: Turn, answer: Answer): object {
  const text = answer.kind === "text" ? answer.deltas.join("") : "";
  return {
    ...envelope(turn),
    content: [
      answer.kind === "text"
        ? { type: "text", text }
        : { type: "tool_use", id: newId("toolu_"), name: answer.name, input: answer.input },
    ],
    stop_reason: stopReason(answer),
    usage: { input_tokens: tokens(turn.said ?? ""), output_tokens: tokens(text) },
  };
}

export function messagesEvents(turn: Turn, answer: Answer): StreamEvent[] {
  const start =
    answer.kind === "text"
      ? { type: "text", text: "" }
      : { type: "tool_use", id: newId("toolu_"), name: answer.name, input: {} };
  const deltas =
    answer.kind === "text"
      ? answer.deltas.map((text) => ({ type: "text_delta", text }))
      : [{ type: "input_json_delta", partial_json: JSON.stringify(answer.input) }];
  const wait = answer.kind === "text" ? answer.milliseconds : 0;
  const usage = { input_tokens: tokens(turn.said ?? ""), output_tokens: 1 };
  return [
    named({ type: "message_start", message: { ...envelope(turn), content: [], usage } }),
    named({ type: "content_block_start", index: 0, content_block: start }),
    ...deltas.map((delta) => named({ type: "content_block_delta", index: 0, delta }, wait)),
    named({ type: "content_block_stop", index: 0 }),
    named({
      type: "message_delta",
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: deltas.length },
    }),
    named({ type: "message_stop" }),
  ];
}

function envelope({ model }: Turn) {
  return {
    id: newId("msg_"),
    type: "message",
    role: "assistant",
    model,
    stop_reason: null as string | null,
    stop_sequence: null,
  };
}

function stopReason({ kind }: Answer): string {
  return kind === "text" ? "end_turn" : "tool_use";
}
