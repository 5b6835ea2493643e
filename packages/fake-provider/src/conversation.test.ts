import fc from "fast-check";
import { expect, test } from "vitest";
import { answerTo, contentText, type Turn } from "./conversation.ts";
import { embed } from "./embeddings.ts";
import { readChatCompletions } from "./wire/chat-completions.ts";
import { readEmbeddings } from "./wire/embeddings.ts";
import { readMessages } from "./wire/messages.ts";
import { readResponses } from "./wire/responses.ts";

const turn = (said: string, more: Partial<Turn> = {}): Turn => ({
  model: "m",
  stream: false,
  hasTool: () => true,
  said,
  toolResult: undefined,
  ...more,
});
const textOf = (one: Turn) => {
  const answer = answerTo(one);
  return answer.kind === "text" ? answer.deltas.join("") : answer;
};

test.each([
  ["hello", "You said: hello"],
  ["<relevant-memories>\n- tea\n</relevant-memories> hello", "I remember: - tea"],
  ["[slow 2]", "part 1 part 2 "],
])("to `%s` it says `%s`", (said, expected) => {
  expect(textOf(turn(said))).toBe(expected);
});

test("the last command is run, where there is a tool for it", () => {
  const said = "[run] one [/run] and [run]\n two | three\n[/run]";
  expect(textOf(turn(said))).toEqual({
    kind: "tool",
    name: "exec",
    input: { command: "two | three" },
  });
  expect(textOf(turn(said, { hasTool: () => false }))).toBe("no exec tool");
});

test("text is found in strings and in blocks of blocks", () => {
  expect(contentText([{ type: "text", text: "a" }, { content: [{ text: "b" }] }, "c"])).toBe(
    "a\nb\nc",
  );
});

test.each([
  ["messages", readMessages],
  ["responses", readResponses],
  ["chat completions", readChatCompletions],
  ["embeddings", readEmbeddings],
])("of %s odd JSON is refused by the schema and nothing else", (_, read) => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      try {
        read(body);
      } catch (error) {
        expect((error as Error).name).toBe("ZodError");
      }
    }),
  );
});

const cosine = (one: number[], other: number[]) =>
  one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);

test("an embedding is a unit vector, and the same for the same text", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 2, max: 64 }), (text, dimensions) => {
      const vector = embed(text, dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1);
      expect(embed(text, dimensions)).toEqual(vector);
    }),
  );
});

test("texts that share words are nearer than those that share none", () => {
  const at = (text: string) => embed(text, 1536);
  const question = at("what colour does Ada prefer");
  expect(cosine(question, at("Ada prefers the colour green"))).toBeGreaterThan(
    cosine(question, at("trains leave every hour")) + 0.2,
  );
});
