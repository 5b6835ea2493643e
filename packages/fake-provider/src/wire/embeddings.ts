import { z } from "zod";
import { dimensionsOf, embed, toBase64 } from "../embeddings.ts";
import { tokens } from "./sse.ts";

const requestSchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1)]),
  dimensions: z.int().positive().max(10_000).optional(),
  encoding_format: z.enum(["float", "base64"]).optional(),
});

export interface EmbeddingsRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly dimensions: number;
  readonly isBase64: boolean;
}

/** The embeddings API of OpenAI and OpenRouter. @throws ZodError for what is no request of it. */
export function readEmbeddings(body: unknown): EmbeddingsRequest {
  const { model, input, dimensions, encoding_format } = requestSchema.parse(body);
  return {
    model,
    texts: typeof input === "string" ? [input] : input,
    dimensions: dimensions ?? dimensionsOf(model),
    isBase64: encoding_format === "base64",
  };
}

export function embeddingsBody({ model, texts, dimensions, isBase64 }: EmbeddingsRequest): object {
  const count = texts.reduce((sum, text) => sum + tokens(text), 0);
  return {
    object: "list",
    model,
    data: texts.map((text, index) => {
      const vector = embed(text, dimensions);
      return { object: "embedding", index, embedding: isBase64 ? toBase64(vector) : vector };
    }),
    usage: { prompt_tokens: count, total_tokens: count },
  };
}
