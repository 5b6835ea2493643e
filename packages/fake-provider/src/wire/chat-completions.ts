import { z } from "zod";
import { type Answer, afterLast, contentText, type Turn } from "../conversation.ts";
import { newId, type StreamEvent, tokens } from "./sse.ts";

const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().nullish(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })).min(1),
  tools: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() }))
    .optional(),
});

/** The Chat Completions API of OpenAI and OpenRouter. @throws ZodError for what is no request of it. */
export function readChatCompletions(body: unknown): Turn {
  const { model, stream, messages, tools = [] } = requestSchema.parse(body);
  const turn = afterLast(messages, ({ role }) => role === "assistant");
  const results = turn.filter(({ role }) => role === "tool");
  const textOf = (list: typeof turn) => list.map(({ content }) => contentText(content)).join("\n");
  return {
    model,
    stream: stream ?? false,
    hasTool: (name) => tools.some((tool) => tool.function?.name === name),
    said: results.length > 0 ? undefined : textOf(turn.filter(({ role }) => role === "user")),
    toolResult: results.length > 0 ? textOf(results) : undefined,
  };
}

export function chatCompletionsBody(turn: Turn, answer: Answer): object {
  return {
    ...envelope(turn, "chat.completion"),
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: answer.kind === "text" ? answer.deltas.join("") : null,
          ...(answer.kind === "tool" ? { tool_calls: [toolCall(answer)] } : {}),
        },
        finish_reason: finishReason(answer),
      },
    ],
    usage: usage(turn),
  };
}

export function chatCompletionsEvents(turn: Turn, answer: Answer): StreamEvent[] {
  const shared = envelope(turn, "chat.completion.chunk");
  const chunk = (delta: object, finish: string | null = null) => ({
    data: JSON.stringify({
      ...shared,
      choices: [{ index: 0, delta, finish_reason: finish }],
    }),
  });
  const deltas =
    answer.kind === "text"
      ? answer.deltas.map((content) => ({
          ...chunk({ content }),
          milliseconds: answer.milliseconds,
        }))
      : [chunk({ tool_calls: [{ index: 0, ...toolCall(answer) }] })];
  return [
    chunk({ role: "assistant", content: answer.kind === "text" ? "" : null }),
    ...deltas,
    chunk({}, finishReason(answer)),
    { data: JSON.stringify({ ...shared, choices: [], usage: usage(turn) }) },
    { data: "[DONE]" },
  ];
}

function envelope({ model }: Turn, object: string) {
  return { id: newId("chatcmpl-"), object, created: Math.floor(Date.now() / 1000), model };
}

function toolCall({ name, input }: Extract<Answer, { kind: "tool" }>) {
  return {
    id: newId("call_"),
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  };
}

function finishReason({ kind }: Answer): string {
  return kind === "text" ? "stop" : "tool_calls";
}

function usage({ said = "" }: Turn) {
  const prompt = tokens(said);
  return { prompt_tokens: prompt, completion_tokens: 1, total_tokens: prompt + 1 };
}
