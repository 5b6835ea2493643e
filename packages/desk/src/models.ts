import { readAsset } from "./assets.ts";
import { nearestOf } from "./nearest.ts";
import type { EmbeddingsProviderName, ProviderName } from "./providers.ts";

export interface Model {
  readonly id: string;
  readonly name: string;
  /** Tokens; null where the vendor does not say. */
  readonly contextTokens: number | null;
  /** US dollars per million tokens. */
  readonly input: number | null;
  readonly output: number | null;
}

const catalogue: { date: string; providers: Record<ProviderName, Model[]> } = JSON.parse(
  readAsset("models.json"),
);

/** The chat models of a provider that were known when models.json was made. */
export function models(provider: ProviderName): readonly Model[] {
  return catalogue.providers[provider];
}

/**
 * A warning about a model that the catalogue does not know. Never an error: new models appear daily.
 *
 * @returns undefined for a known model.
 */
export function unknownModelWarning(provider: ProviderName, id: string): string | undefined {
  const known = models(provider).map((model) => model.id);
  if (known.includes(id)) return undefined;
  const near = nearestOf(id, known, 3);
  const hint = near.length === 0 ? "" : ` Near it are ${near.join(", ")}.`;
  return `model "${id}" is not among the models of ${provider} known on ${catalogue.date}.${hint} It is used as it is.`;
}

/** Native dimensions of embedding models, as their vendors publish them. */
const dimensions: { readonly [Name in EmbeddingsProviderName]: Readonly<Record<string, number>> } =
  {
    openai: {
      "text-embedding-3-small": 1536,
      "text-embedding-3-large": 3072,
      "text-embedding-ada-002": 1536,
    },
    openrouter: {
      "openai/text-embedding-3-small": 1536,
      "openai/text-embedding-3-large": 3072,
      "openai/text-embedding-ada-002": 1536,
      "google/gemini-embedding-001": 3072,
      "qwen/qwen3-embedding-0.6b": 1024,
      "qwen/qwen3-embedding-4b": 2560,
      "qwen/qwen3-embedding-8b": 4096,
    },
  };

export function nativeDimensions(
  provider: EmbeddingsProviderName,
  model: string,
): number | undefined {
  return Object.hasOwn(dimensions[provider], model) ? dimensions[provider][model] : undefined;
}

export function embeddingModels(provider: EmbeddingsProviderName): string[] {
  return Object.keys(dimensions[provider]);
}
