import { locations, serverTypes } from "./catalogue.ts";
import { defaults } from "./defaults.ts";
import type { DeskIssue } from "./errors.ts";
import { hostnameProblem } from "./hostname.ts";
import { keyProblem } from "./keys.ts";
import { embeddingModels, nativeDimensions } from "./models.ts";
import { nearest, nearestOf } from "./nearest.ts";
import { hiddenWorldProblem, networkProblem } from "./network.ts";
import type { Problem } from "./problem.ts";
import { EmbeddingsProviderName, ProviderName } from "./providers.ts";
import { quoted } from "./quoted.ts";
import { registryProblem } from "./registry.ts";

/** The args as far as they can be read: whatever has a wrong type is taken for absent. */
interface Readable {
  readonly provider: { readonly name?: ProviderName; readonly apiKey?: string };
  readonly embeddings?: {
    readonly provider?: EmbeddingsProviderName;
    readonly apiKey?: string;
    readonly model?: string;
    readonly dimensions?: unknown;
  };
  readonly hostname: string | undefined;
  readonly serverType: string;
  readonly location: string;
  readonly allowUnlisted: boolean;
  readonly allowFrom: readonly string[];
  readonly registry: string | undefined;
  readonly delivery: string | undefined;
  readonly labels: readonly string[];
}

/** What is wrong although every type is right, or where a type elsewhere is wrong. */
export function findConflicts(name: string, value: unknown): DeskIssue[] {
  const args = read(value);
  return [
    ...keys(args),
    ...embeddings(args),
    ...place(args),
    ...access(args),
    ...others(name, args),
  ];
}

function keys({ provider }: Readable): DeskIssue[] {
  if (provider.apiKey === undefined || provider.name === undefined) return [];
  return at(["provider", "apiKey"], keyProblem(provider.apiKey, provider.name));
}

function embeddings({ provider, embeddings }: Readable): DeskIssue[] {
  if (embeddings?.provider === undefined) return [];
  const issues: DeskIssue[] = [];
  if (embeddings.apiKey !== undefined) {
    issues.push(
      ...at(["embeddings", "apiKey"], keyProblem(embeddings.apiKey, embeddings.provider)),
    );
  } else if (provider.name !== undefined && provider.name !== embeddings.provider) {
    issues.push({
      path: ["embeddings", "apiKey"],
      rule: `is missing: the chat key is for ${provider.name}, and embeddings are made by ${embeddings.provider}`,
      remedy: `Set a key of ${embeddings.provider}.`,
    });
  }
  const { model, dimensions } = embeddings;
  if (
    model !== undefined &&
    dimensions === undefined &&
    nativeDimensions(embeddings.provider, model) === undefined
  ) {
    const known = nearestOf(model, embeddingModels(embeddings.provider), 2);
    issues.push({
      path: ["embeddings", "dimensions"],
      rule: `is missing: the dimensions of ${quoted(model)} are not known here`,
      remedy: `Set it to the length of one embedding${known.length === 0 ? "" : `, or the model to ${known.join(" or ")}`}.`,
    });
  }
  return issues;
}

function place({ serverType, location, allowUnlisted }: Readable): DeskIssue[] {
  if (allowUnlisted) return [];
  const issues: DeskIssue[] = [];
  const type = serverTypes.find(({ name }) => name === serverType);
  if (!locations.includes(location)) {
    issues.push(unlisted("location", location, locations));
  }
  if (type === undefined) {
    issues.push(
      unlisted(
        "serverType",
        serverType,
        serverTypes.map(({ name }) => name),
      ),
    );
  } else if (locations.includes(location) && !type.locations.includes(location)) {
    const others = serverTypes
      .filter((other) => other.locations.includes(location) && other.memoryGb >= type.memoryGb)
      .sort(
        (a, b) =>
          a.memoryGb - b.memoryGb ||
          Number(a.architecture !== type.architecture) -
            Number(b.architecture !== type.architecture),
      );
    const architecture = type.architecture === "arm" ? "an ARM type" : "an x86 type";
    issues.push({
      path: ["serverType"],
      rule: `must be one that ${location} offers; ${serverType}, ${architecture}, is offered in ${type.locations.join(", ")}`,
      remedy: `Use ${others[0]?.name ?? defaults.serverType}, or another location.`,
    });
  }
  return issues;
}

function unlisted(
  field: "location" | "serverType",
  written: string,
  known: readonly string[],
): DeskIssue {
  const near = nearest(written, known);
  return {
    path: [field],
    rule: `must be one of the listed ones, is ${quoted(written)}`,
    remedy: `${near === undefined ? `There are ${known.join(", ")}` : `The nearest is ${near}`}; allowUnlisted: true accepts it as it is.`,
  };
}

function access({ allowFrom }: Readable): DeskIssue[] {
  const path = ["access", "ssh", "allowFrom"];
  return [
    ...allowFrom.flatMap((network, i) => at([...path, i], networkProblem(network))),
    ...at(path, hiddenWorldProblem(allowFrom)),
  ];
}

function others(name: string, { hostname, registry, delivery, labels }: Readable): DeskIssue[] {
  const issues = at(["hostname"], hostnameProblem(hostname ?? name));
  if (registry !== undefined) issues.push(...at(["agent", "registry"], registryProblem(registry)));
  if (delivery === "ssh") {
    issues.push({
      path: ["delivery"],
      rule: "must be cloud-init: ssh is not there yet",
      remedy: "Leave it out.",
    });
  }
  for (const label of labels.filter((key) => /^(bureau-|hetzner\.cloud\/)/.test(key))) {
    issues.push({
      path: ["labels", label],
      rule: "is reserved: bureau-* are set by the desk, hetzner.cloud/* by the vendor",
      remedy: "Use another name.",
    });
  }
  return issues;
}

function at(path: readonly (string | number)[], problem: Problem | undefined): DeskIssue[] {
  return problem === undefined ? [] : [{ path, ...problem }];
}

function read(value: unknown): Readable {
  const root = record(value);
  const provider = record(root.provider);
  const embeddings = record(root.embeddings);
  const agent = record(root.agent);
  const ssh = record(record(root.access).ssh);
  return {
    provider: definedOnly({
      name: oneOf(provider.name, ProviderName),
      apiKey: text(provider.apiKey),
    }),
    embeddings: definedOnly({
      provider: oneOf(embeddings.provider, EmbeddingsProviderName),
      apiKey: text(embeddings.apiKey),
      model: text(embeddings.model),
      dimensions: embeddings.dimensions,
    }),
    hostname: text(root.hostname),
    serverType: text(root.serverType) ?? defaults.serverType,
    location: text(root.location) ?? defaults.location,
    allowUnlisted: root.allowUnlisted === true,
    allowFrom: Array.isArray(ssh.allowFrom)
      ? ssh.allowFrom.filter((network) => typeof network === "string")
      : [],
    registry: text(agent.registry),
    delivery: text(root.delivery),
    labels: Object.keys(record(root.labels)),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function oneOf<T extends string>(
  value: unknown,
  names: Readonly<Record<string, T>>,
): T | undefined {
  return Object.values(names).find((name) => name === value);
}

function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
