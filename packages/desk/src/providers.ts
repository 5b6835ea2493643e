/** The model APIs that a desk can talk to. Callers write the plain string. */
export const ProviderName = {
  Anthropic: "anthropic",
  OpenAi: "openai",
  OpenRouter: "openrouter",
} as const;
export type ProviderName = (typeof ProviderName)[keyof typeof ProviderName];

/** The APIs that can also make embeddings. Anthropic has none. */
export const EmbeddingsProviderName = {
  OpenAi: "openai",
  OpenRouter: "openrouter",
} as const;
export type EmbeddingsProviderName =
  (typeof EmbeddingsProviderName)[keyof typeof EmbeddingsProviderName];

/** A request that tells whether a key is accepted, without spending anything. */
export interface KeyCheck {
  readonly method: "GET";
  readonly path: string;
  /** Statuses that mean the key is refused. Other refusals leave it unknown. */
  readonly refused: readonly number[];
  /** Statuses that prove nothing, as with a restricted key that may chat all the same. */
  readonly unknown: readonly number[];
}

/** All that is known about a provider; no other file knows one by name. */
export interface Provider {
  readonly name: ProviderName;
  readonly title: string;
  /** What its keys begin with. `sk-` begins all of them: the longest match decides. */
  readonly keyPrefix: string;
  /** Where its owner makes a key. */
  readonly consoleUrl: string;
  readonly host: string;
  /** What comes before the paths below. */
  readonly basePath: string;
  /** OpenClaw's name of the API that is spoken. */
  readonly api: "anthropic-messages" | "openai-responses" | "openai-completions";
  readonly keyHeader: "x-api-key" | "authorization";
  readonly defaultModel: string;
  /** Paths below host and basePath that an agent needs; everything else stays shut. */
  readonly allowedPaths: readonly string[];
  readonly keyCheck: KeyCheck;
}

export const providers: { readonly [Name in ProviderName]: Provider } = {
  anthropic: {
    name: "anthropic",
    title: "Anthropic",
    keyPrefix: "sk-ant-",
    consoleUrl: "https://console.anthropic.com/settings/keys",
    host: "api.anthropic.com",
    basePath: "",
    api: "anthropic-messages",
    keyHeader: "x-api-key",
    defaultModel: "claude-sonnet-5-5",
    allowedPaths: ["/v1/messages", "/v1/messages/count_tokens", "/v1/models"],
    keyCheck: { method: "GET", path: "/v1/models", refused: [401, 403], unknown: [] },
  },
  openai: {
    name: "openai",
    title: "OpenAI",
    keyPrefix: "sk-",
    consoleUrl: "https://platform.openai.com/api-keys",
    host: "api.openai.com",
    basePath: "/v1",
    api: "openai-responses",
    keyHeader: "authorization",
    defaultModel: "gpt-5.6-terra",
    allowedPaths: ["/responses", "/chat/completions", "/embeddings", "/models"],
    // A restricted key may chat without being allowed to list models.
    keyCheck: { method: "GET", path: "/v1/models", refused: [401], unknown: [403] },
  },
  openrouter: {
    name: "openrouter",
    title: "OpenRouter",
    keyPrefix: "sk-or-",
    consoleUrl: "https://openrouter.ai/settings/keys",
    host: "openrouter.ai",
    basePath: "/api/v1",
    api: "openai-completions",
    keyHeader: "authorization",
    defaultModel: "anthropic/claude-sonnet-5.5",
    allowedPaths: ["/chat/completions", "/embeddings", "/models"],
    // Its model list is public, so it would accept any key.
    keyCheck: { method: "GET", path: "/api/v1/key", refused: [401, 403], unknown: [] },
  },
};

/** Whose key this seems to be, by the longest prefix that it begins with. */
export function providerOfKey(key: string): Provider | undefined {
  return Object.values(providers)
    .filter(({ keyPrefix }) => key.startsWith(keyPrefix))
    .sort((a, b) => b.keyPrefix.length - a.keyPrefix.length)[0];
}
