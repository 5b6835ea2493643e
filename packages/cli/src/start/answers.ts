import { randomBytes } from "node:crypto";
import { models, type ProviderName, providers } from "@bureau/desk";
import { password, search, select } from "@inquirer/prompts";
import type { StartFlags } from "./flags.ts";

/** What a run changes of the desk; undefined leaves it as it is. */
export interface Answers {
  readonly provider?: string | undefined;
  /** null takes the model out of the config, so that the provider's default holds. */
  readonly model?: string | null | undefined;
  readonly apiKey?: string | undefined;
  readonly demoKey?: boolean | undefined;
}

/** The desk's settings as the last run left them. */
export interface Present {
  readonly provider: string;
  readonly demoKey: boolean;
}

export interface Asker {
  provider(): Promise<string>;
  apiKey(provider: string): Promise<string>;
  model(provider: string): Promise<string>;
}

/**
 * Decides what this run changes. Flags win over BUREAU_*; where neither speaks, a first run asks at
 * a terminal and makes a demo key elsewhere, and a later run leaves things as they are.
 *
 * @throws Error when a provider is changed without a key that could be for it.
 */
export async function collectAnswers(
  flags: Pick<StartFlags, "provider" | "model">,
  env: NodeJS.ProcessEnv,
  present: Present | undefined,
  ask: Asker | undefined,
): Promise<Answers> {
  const given = {
    provider: flags.provider ?? env.BUREAU_PROVIDER,
    apiKey: env.BUREAU_API_KEY,
    model: flags.model ?? env.BUREAU_MODEL,
  };
  if (present !== undefined) return changes(given, present, ask);

  const provider = given.provider ?? (await ask?.provider()) ?? "anthropic";
  const apiKey = given.apiKey ?? (await ask?.apiKey(provider)) ?? "";
  const model = given.model ?? (await ask?.model(provider));
  return { provider, model, ...(apiKey === "" ? demo(provider) : { apiKey, demoKey: false }) };
}

async function changes(
  given: { provider?: string | undefined; apiKey?: string | undefined; model?: string | undefined },
  present: Present,
  ask: Asker | undefined,
): Promise<Answers> {
  const own = given.apiKey === undefined ? {} : { apiKey: given.apiKey, demoKey: false };
  if (given.provider === undefined || given.provider === present.provider) {
    return { model: given.model, ...own };
  }
  // The old model and the old key belong to the old provider.
  const moved = { provider: given.provider, model: given.model ?? null };
  if (given.apiKey !== undefined) return { ...moved, ...own };
  if (present.demoKey) return { ...moved, ...demo(given.provider) };
  if (ask === undefined) {
    throw new Error(
      `the stored key is for ${present.provider}. Set BUREAU_API_KEY to a key of ${given.provider} as well.`,
    );
  }
  const apiKey = await ask.apiKey(given.provider);
  return { ...moved, ...(apiKey === "" ? demo(given.provider) : { apiKey, demoKey: false }) };
}

/** A key of the right shape that opens nothing. */
function demo(provider: string): { apiKey: string; demoKey: true } {
  const prefix = isProvider(provider) ? providers[provider].keyPrefix : "sk-";
  return { apiKey: prefix + randomBytes(48).toString("base64url"), demoKey: true };
}

/** Asks at the terminal. Empty key: a demo key. Model: type to search; the default comes first. */
export const terminal: Asker = {
  provider: () =>
    select({
      message: "Provider",
      choices: Object.values(providers).map(({ name, title }) => ({ value: name, name: title })),
    }),
  apiKey: (provider) =>
    password({ message: `API key for ${provider} (empty: a random demo key)`, mask: true }),
  model: (provider) =>
    search({
      message: "Model (type to search)",
      source: (term) => {
        if (!isProvider(provider)) return [];
        const ids = [
          ...new Set([providers[provider].defaultModel, ...models(provider).map(({ id }) => id)]),
        ];
        return ids.filter((id) => id.includes(term ?? "")).map((id) => ({ value: id }));
      },
    }),
};

function isProvider(name: string): name is ProviderName {
  return Object.hasOwn(providers, name);
}
