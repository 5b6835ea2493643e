import { z } from "zod";
import type { Secret } from "../hunt/types.ts";

/** How the engine marks a secret in an export with --show-secrets, and what stands beside the mark. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** Shorter values (true, 22, eu) are in every file for reasons of their own. */
const shortest = 12;

const exportSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          inputs: z.record(z.string(), z.unknown()).optional(),
          outputs: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional(),
  }),
});
const configSchema = z.record(
  z.string(),
  z.object({
    value: z.string().optional(),
    objectValue: z.unknown().optional(),
    secret: z.boolean(),
  }),
);

/**
 * Every secret of a stack, from its export and its config in plain; both only ever in memory. The
 * config of the stack file tells which leaves of an object are the secret ones: the engine shows only
 * that some are, and the others are in plain everywhere.
 */
export function collectSecrets(exported: unknown, config: unknown, fileConfig: unknown): Secret[] {
  const { deployment } = exportSchema.parse(exported);
  const fromState = (deployment.resources ?? []).flatMap(({ urn, inputs, outputs }) => {
    const resource = urn.split("::").at(-1) ?? urn;
    return Object.keys({ ...inputs, ...outputs }).flatMap((key) => [
      ...secretsIn(inputs?.[key], `${resource}.${key}`),
      ...secretsIn(outputs?.[key], `${resource}.${key}`),
    ]);
  });
  const fromConfig = Object.entries(configSchema.parse(config))
    .filter(([, { secret }]) => secret)
    .flatMap(([key, { value, objectValue }]) => {
      const inFile = field(fileConfig, key) ?? field(fileConfig, key.replace(/^[^:]*:/, ""));
      return secureLeaves(objectValue ?? value, inFile, key);
    });
  // The same key stands in both, and its owner knows it by the name in the config.
  return distinct([...fromState, ...fromConfig]);
}

/** The leaves of a config value that are `secure` in the stack file; all of them when it has none. */
function secureLeaves(value: unknown, inFile: unknown, label: string): Secret[] {
  if (inFile === undefined || field(inFile, "secure") !== undefined) return leaves(value, label);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, content]) =>
    secureLeaves(content, field(inFile, key) ?? null, `${label}.${key}`),
  );
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** What stands inside the marks of secrets, however deep. */
function secretsIn(value: unknown, label: string): Secret[] {
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, label));
  if (typeof value !== "object" || value === null) return [];
  const record: Record<string, unknown> = { ...value };
  if (record[signature] !== secretMark) {
    return Object.entries(record).flatMap(([key, field]) => secretsIn(field, `${label}.${key}`));
  }
  const { plaintext } = record;
  return typeof plaintext === "string" ? leaves(JSON.parse(plaintext), label) : [];
}

/** Every text in a value that is secret as a whole. */
function leaves(value: unknown, label: string): Secret[] {
  if (typeof value === "string")
    return value.length < shortest ? [] : [{ label, value }, ...keysInside(value, label)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) =>
    leaves(field, Array.isArray(value) ? label : `${label}.${key}`),
  );
}

/** A secret text may be a document with keys in it; each is looked for by itself as well. */
function keysInside(text: string, label: string): Secret[] {
  const keys = text.match(/\bsk-[A-Za-z0-9_.-]{20,}/g) ?? [];
  return keys
    .filter((key) => key !== text)
    .map((value) => ({ label: `${label} (key inside)`, value }));
}

function distinct(secrets: readonly Secret[]): Secret[] {
  return [...new Map(secrets.map((secret) => [secret.value, secret])).values()];
}
