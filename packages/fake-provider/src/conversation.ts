/** The last turn of a conversation, whatever API it came by. */
export interface Turn {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a tool of that name may be called. */
  readonly hasTool: (name: string) => boolean;
  /** What the user said last; undefined where a tool's result came last. */
  readonly said: string | undefined;
  readonly toolResult: string | undefined;
}

/** What the model does about it. */
export type Answer =
  | { readonly kind: "text"; readonly deltas: readonly string[]; readonly milliseconds: number }
  | { readonly kind: "tool"; readonly name: string; readonly input: { readonly command: string } };

const slowMilliseconds = 100;
const longest = 2000;

/**
 * What this model answers, so that a test can drive an agent through its real loop: `[run] CMD [/run]`
 * calls the shell tool, `[slow N]` makes N deltas 100 ms apart, and memories are repeated.
 */
export function answerTo(turn: Turn): Answer {
  if (turn.toolResult !== undefined) return text(`tool said: ${turn.toolResult}`);
  const said = (turn.said ?? "").replaceAll(agentsOwn, "");
  const command = last(said.matchAll(/\[run\](.*?)\[\/run\]/gs))?.[1]?.trim();
  if (command !== undefined) {
    return turn.hasTool("exec")
      ? { kind: "tool", name: "exec", input: { command } }
      : text("no exec tool");
  }
  const parts = Number(last(said.matchAll(/\[slow (\d{1,3})\]/g))?.[1] ?? 0);
  if (parts > 0) {
    const deltas = Array.from({ length: parts }, (_, i) => `part ${i + 1} `);
    return { kind: "text", deltas, milliseconds: slowMilliseconds };
  }
  const memories = last(said.matchAll(/<relevant-memories>(.*?)<\/relevant-memories>/gs))?.[1];
  if (memories !== undefined) return text(`I remember: ${memories.replaceAll(/\s+/g, " ").trim()}`);
  return text(`You said: ${said.trim().slice(0, longest)}`);
}

/** What came after the model's own last words: all of it is the turn, however many messages it is. */
export function afterLast<T>(items: readonly T[], isModels: (item: T) => boolean): T[] {
  return items.slice(items.findLastIndex(isModels) + 1);
}

/** What agents add of their own is marked as such, and nothing that the user said. */
const agentsOwn = /<<<BEGIN_(\w+)>>>.*?<<<END_\1>>>/gs;

function text(content: string): Answer {
  return { kind: "text", deltas: content.match(/.{1,400}/gs) ?? [""], milliseconds: 0 };
}

function last<T>(found: Iterable<T>): T | undefined {
  return [...found].at(-1);
}

/** Text of a message's content, which is a string or a list of blocks. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block: unknown) => {
      if (typeof block === "string") return block;
      if (typeof block !== "object" || block === null) return "";
      const { text, content: inner } = block as { text?: unknown; content?: unknown };
      return typeof text === "string" ? text : contentText(inner);
    })
    .filter((part) => part !== "")
    .join("\n");
}
