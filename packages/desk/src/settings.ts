import type { DeskArgs } from "./args.ts";
import { type Architecture, architectureOf } from "./catalogue.ts";
import { defaultRegistry, defaults } from "./defaults.ts";
import { DeskInputError, type DeskIssue } from "./errors.ts";
import { hostnameProblem } from "./hostname.ts";
import { toDeskIssues } from "./issues.ts";
import { misplacedKeys } from "./misplaced-keys.ts";
import { nativeDimensions } from "./models.ts";
import { type EmbeddingsProviderName, type ProviderName, providers } from "./providers.ts";
import { shownPart } from "./quoted.ts";
import { withoutSlash } from "./registry.ts";
import { findConflicts } from "./rules.ts";
import { deskSchema, type ResolvedDeskArgs } from "./schema.ts";
import { sizeIssues } from "./user-data-size.ts";

/** A desk with nothing left open: every default filled in, every rule kept. */
export interface DeskSettings {
  readonly hostname: string;
  readonly provider: {
    readonly name: ProviderName;
    readonly apiKey: string;
    readonly model: string;
    readonly fallbackModels: readonly string[];
  };
  readonly embeddings:
    | {
        readonly provider: EmbeddingsProviderName;
        readonly apiKey: string;
        readonly model: string;
        readonly dimensions: number;
      }
    | undefined;
  readonly serverType: string;
  readonly architecture: Architecture;
  readonly location: string;
  readonly image: string;
  readonly data: {
    readonly sizeGb: number;
    readonly protect: boolean;
    readonly volumeId: number | undefined;
  };
  readonly ssh:
    | {
        readonly publicKeys: readonly string[];
        readonly allowFrom: readonly string[];
        readonly port: number;
        readonly rootLogin: boolean;
      }
    | undefined;
  readonly agent: {
    readonly version: string;
    readonly registry: string;
    readonly packages: readonly string[];
  };
  readonly rotation: { readonly gatewayToken: number; readonly sshHostKey: number };
  readonly labels: Readonly<Record<string, string>>;
}

/** A desk's settings without its keys. */
export type OpenSettings = Omit<DeskSettings, "provider" | "embeddings"> & {
  readonly provider: Omit<DeskSettings["provider"], "apiKey">;
  readonly embeddings: Omit<NonNullable<DeskSettings["embeddings"]>, "apiKey"> | undefined;
};

/**
 * Checks the args of a desk, every Input resolved, and fills in the defaults. Pure.
 *
 * @param name the resource's name; the hostname where none is given.
 * @throws DeskInputError with every problem at once.
 * @example parseSettings("alice", { provider: { name: "anthropic", apiKey } }).serverType // "cx23"
 */
export function parseSettings(name: string, value: unknown): DeskSettings {
  const issues = findIssues(name, value);
  const parsed = deskSchema.safeParse(value);
  if (issues.length > 0 || !parsed.success) throw new DeskInputError(deskName(name, value), issues);
  const settings = withDefaults(name, parsed.data);
  const tooLarge = sizeIssues(settings);
  if (tooLarge.length > 0) throw new DeskInputError(settings.hostname, tooLarge);
  return settings;
}

/** The settings of args whose keys are elsewhere; the args have passed parseSettings with them. */
export function openSettings(name: string, value: unknown): OpenSettings {
  const { provider, embeddings, ...rest } = deskSchema.parse(withBlankKeys(value));
  const {
    provider: filled,
    embeddings: memory,
    ...settings
  } = withDefaults(name, { ...rest, provider, embeddings });
  const { apiKey: _chat, ...openProvider } = filled;
  if (memory === undefined) return { ...settings, provider: openProvider, embeddings: undefined };
  const { apiKey: _memory, ...openMemory } = memory;
  return { ...settings, provider: openProvider, embeddings: openMemory };
}

function withBlankKeys(value: unknown): unknown {
  const args = value as { provider?: object };
  return { ...args, provider: { ...args.provider, apiKey: "" } };
}

/** Everything that is wrong with the args, whether or not they can be parsed. */
export function findIssues(name: string, value: unknown): DeskIssue[] {
  const parsed = deskSchema.safeParse(value);
  const shape = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => toDeskIssues(issue, value));
  // A wrong type here must not hide a wrong key there: the rules look at each part that they can read.
  const found = [...misplacedKeys(value), ...shape, ...findConflicts(name, value)];
  // Only the first thing said of a field helps; a list of networks is judged as a whole as well.
  const said = new Set<string>();
  return found.flatMap(({ path, ...problem }) => {
    const key = path.join(".");
    if (said.has(key)) return [];
    said.add(key);
    return [{ path: path.map(shownPart), ...problem }];
  });
}

/** The hostname, or the resource's name where the hostname is not known or is what is wrong. */
export function deskName(name: string, value: unknown): string {
  const hostname = (value as Partial<DeskArgs> | undefined)?.hostname;
  return typeof hostname === "string" && hostnameProblem(hostname) === undefined ? hostname : name;
}

function withDefaults(name: string, args: ResolvedDeskArgs): DeskSettings {
  const { provider, embeddings, access, agent, data, rotation } = args;
  const serverType = args.serverType ?? defaults.serverType;
  const ssh = access?.ssh;
  return {
    hostname: args.hostname ?? name,
    provider: {
      name: provider.name,
      apiKey: provider.apiKey,
      model: provider.model ?? providers[provider.name].defaultModel,
      fallbackModels: provider.fallbackModels ?? [],
    },
    embeddings: embeddings && {
      provider: embeddings.provider,
      apiKey: embeddings.apiKey ?? provider.apiKey,
      model: embeddings.model,
      dimensions:
        embeddings.dimensions ??
        nativeDimensions(embeddings.provider, embeddings.model) ??
        Number.NaN,
    },
    serverType,
    architecture: architectureOf(serverType),
    location: args.location ?? defaults.location,
    image: args.image ?? defaults.image,
    data: {
      sizeGb: data?.sizeGb ?? defaults.dataSizeGb,
      protect: data?.protect ?? defaults.dataProtect,
      volumeId: data?.volumeId,
    },
    ssh: ssh && {
      publicKeys: ssh.publicKeys,
      allowFrom: ssh.allowFrom,
      port: ssh.port ?? defaults.sshPort,
      rootLogin: ssh.rootLogin ?? defaults.rootLogin,
    },
    agent: {
      version: agent?.version ?? defaults.agentVersion,
      registry: withoutSlash(agent?.registry ?? defaultRegistry()),
      packages: agent?.packages ?? [],
    },
    rotation: { gatewayToken: rotation?.gatewayToken ?? 0, sshHostKey: rotation?.sshHostKey ?? 0 },
    labels: args.labels ?? {},
  };
}
