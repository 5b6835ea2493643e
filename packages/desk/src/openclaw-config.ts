import { readAsset } from "./assets.ts";
import { brokerUrl } from "./broker-config.ts";
import { providers } from "./providers.ts";
import type { DeskSettings } from "./settings.ts";

/** OpenClaw takes the broker's token for the provider's key. */
const brokerToken = { source: "file", provider: "broker_token", id: "value" };

interface Template {
  readonly models: object;
  readonly agents: { readonly defaults: object };
}

/** OpenClaw's configuration of a desk, without memory and without a secret. */
export function openclawConfig({ provider }: DeskSettings): object {
  const template = JSON.parse(readAsset("guest/agent/openclaw.json")) as Template;
  const { api, name } = providers[provider.name];
  const reference = (model: string) => `${name}/${model}`;
  return {
    ...template,
    models: {
      ...template.models,
      providers: {
        [name]: { baseUrl: brokerUrl("llm", providers[name]), api, apiKey: brokerToken },
      },
    },
    agents: {
      ...template.agents,
      defaults: {
        ...template.agents.defaults,
        model: {
          primary: reference(provider.model),
          fallbacks: provider.fallbackModels.map(reference),
        },
      },
    },
  };
}

/** Where the plugin is once it is installed. */
const memoryPlugin = "/opt/desk-plugins/node_modules/@openclaw/memory-lancedb";

/**
 * What is laid over it where the memory plugin is there; undefined for a desk without embeddings.
 * The embeddings are a provider of their own, because their key may differ from that of the chat.
 */
export function memoryConfig({ embeddings }: DeskSettings): object | undefined {
  if (embeddings === undefined) return undefined;
  const { provider, model, dimensions } = embeddings;
  return {
    models: {
      providers: {
        embeddings: {
          api: "openai-completions",
          baseUrl: brokerUrl("emb", providers[provider]),
          apiKey: brokerToken,
          models: [{ id: model, name: model }],
        },
      },
    },
    plugins: {
      load: { paths: [memoryPlugin] },
      slots: { memory: "memory-lancedb" },
      entries: {
        "memory-lancedb": {
          enabled: true,
          // Without it a plugin from outside may neither recall nor capture.
          hooks: { allowConversationAccess: true },
          config: {
            embedding: { provider: "embeddings", model, dimensions },
            dbPath: `/srv/desk/lancedb/${tableName(model, dimensions)}`,
            autoRecall: true,
            autoCapture: true,
          },
        },
      },
    },
  };
}

/** Another model or dimension cannot use the same table, so it gets one of its own. */
function tableName(model: string, dimensions: number): string {
  return `${model.replaceAll(/[^A-Za-z0-9.-]+/g, "_")}-${dimensions}`;
}
