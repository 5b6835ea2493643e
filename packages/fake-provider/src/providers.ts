export type ProviderName = "anthropic" | "openai" | "openrouter";

/** Where the vendors' APIs are; the test double has certificates for exactly these names. */
export const providerHosts: Readonly<Record<ProviderName, string>> = {
  anthropic: "api.anthropic.com",
  openai: "api.openai.com",
  openrouter: "openrouter.ai",
};

export function providerAt(host: string): ProviderName | undefined {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const names = Object.keys(providerHosts) as ProviderName[];
  return names.find((provider) => providerHosts[provider] === name);
}

/** What each vendor says when something is wrong, in its own shape. */
export function errorBody(provider: ProviderName, status: number, message: string): object {
  switch (provider) {
    case "anthropic":
      return { type: "error", error: { type: anthropicTypes[status] ?? "api_error", message } };
    case "openai": {
      const type = status >= 500 ? "server_error" : "invalid_request_error";
      const code = status === 401 ? "invalid_api_key" : null;
      return { error: { message, type, param: null, code } };
    }
    case "openrouter":
      return { error: { message, code: status } };
  }
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

export const refusals: Readonly<Record<ProviderName, string>> = {
  anthropic: "invalid x-api-key",
  openai: "Incorrect API key provided",
  openrouter: "User not found.",
};
