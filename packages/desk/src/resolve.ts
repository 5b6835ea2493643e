import * as pulumi from "@pulumi/pulumi";
import type { DeskArgs } from "./args.ts";
import { DeskInputError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { type DeskSettings, type OpenSettings, openSettings, parseSettings } from "./settings.ts";

/** The args of a desk with both keys wrapped, and what was read out of them. */
export interface ResolvedArgs {
  readonly provider: DeskArgs["provider"];
  readonly embeddings: DeskArgs["embeddings"];
  /** All of it, keys too, so secret as a whole: for the user data and nothing else. */
  readonly settings: pulumi.Output<DeskSettings>;
  /** The settings without the keys, known only once the keys have passed their checks as well. */
  readonly open: pulumi.Output<OpenSettings>;
  readonly fingerprint: pulumi.Output<string>;
  readonly embeddingsFingerprint: pulumi.Output<string> | undefined;
}

/** Wraps the keys, each at its leaf, so that provider and model stay readable in a preview. */
export function resolveArgs(name: string, args: DeskArgs): ResolvedArgs {
  const provider = { ...args.provider, apiKey: pulumi.secret(args.provider.apiKey) };
  const embeddings =
    args.embeddings?.apiKey === undefined
      ? args.embeddings
      : { ...args.embeddings, apiKey: pulumi.secret(args.embeddings.apiKey) };

  const settings = pulumi
    .output({ ...args, provider, embeddings })
    .apply((value) => onLinesOfItsOwn(() => parseSettings(name, withoutUndefined(value))));
  // Takes a secret's mark away on purpose: 32 bits of a keyed hash give nothing back.
  const chatFingerprint = pulumi.unsecret(
    settings.apply(({ provider }) => fingerprint(provider.apiKey)),
  );
  const embeddingsFingerprint =
    embeddings &&
    pulumi.unsecret(settings.apply(({ embeddings }) => fingerprint(embeddings?.apiKey ?? "")));

  const { apiKey: _chat, ...openProvider } = args.provider;
  const { apiKey: _embeddings, ...openEmbeddings } = args.embeddings ?? {};
  const open = pulumi
    .all([
      pulumi.output({
        ...args,
        provider: openProvider,
        embeddings: args.embeddings && openEmbeddings,
      }),
      chatFingerprint, // not used: it is known only when the keys are good
    ])
    .apply(([value]) => openSettings(name, withoutUndefined(value)));
  return {
    provider,
    embeddings,
    settings,
    open,
    fingerprint: chatFingerprint,
    embeddingsFingerprint,
  };
}

/** The SDK puts a chain of property names before the message of an error in an apply. */
function onLinesOfItsOwn<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DeskInputError) error.message = `\n${error.message}`;
    throw error;
  }
}

/** An absent field and one that is undefined mean the same to a caller. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, withoutUndefined(field)]),
  );
}
