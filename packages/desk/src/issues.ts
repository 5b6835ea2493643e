import { z } from "zod";
import type { DeskIssue } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { quoted } from "./quoted.ts";
import { deskSchema } from "./schema.ts";

/** Says zod's issues in the words of this library: rule and remedy, and the value unless it is a secret. */
export function toDeskIssues(issue: z.core.$ZodIssue, input: unknown): DeskIssue[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const value = valueAt(input, path);
  const shown = show(path, value);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], keysAt(path)));
    case "invalid_type":
      return value === undefined || value === null
        ? [{ path, rule: "is missing", remedy: `Set it to a value of type ${issue.expected}.` }]
        : [{ path, rule: `must be of type ${issue.expected}${shown}`, remedy: "Change its type." }];
    case "invalid_value": {
      const values = issue.values.join(", ");
      return value === undefined
        ? [{ path, rule: `is missing; it is one of ${values}`, remedy: "Set one of them." }]
        : [{ path, rule: `must be one of ${values}${shown}`, remedy: "Set one of them." }];
    }
    case "too_small":
      return [
        {
          path,
          rule: `must ${bound(issue.origin)} at least ${issue.minimum}${shown}`,
          remedy: "Set more.",
        },
      ];
    case "too_big":
      return [
        {
          path,
          rule: `must ${bound(issue.origin)} at most ${issue.maximum}${shown}`,
          remedy: "Set less.",
        },
      ];
    case "invalid_key":
      return [
        {
          path,
          rule: "is not a name that a label can have",
          remedy: "Use letters, digits, hyphens, dots and underscores.",
        },
      ];
    default:
      return [{ path, rule: `${issue.message}${shown}`, remedy: "Change it." }];
  }
}

function bound(origin: string): string {
  return origin === "array" ? "have" : "be";
}

function unknownKey(path: readonly (string | number)[], known: readonly string[]): DeskIssue {
  const near = nearest(String(path.at(-1)), known);
  return {
    path,
    rule: "is not a setting of a desk",
    remedy: near === undefined ? "Remove it." : `Did you mean ${near}?`,
  };
}

/** The settings that there are in a group. */
function keysAt(path: readonly (string | number)[]): readonly string[] {
  let schema: unknown = deskSchema;
  for (const part of path) {
    schema = schema instanceof z.ZodObject ? unwrap(schema.shape[part]) : undefined;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined,
    input,
  );
}

/** `, is "x"`, and nothing for a key. */
function show(path: readonly (string | number)[], value: unknown): string {
  if (path.includes("apiKey")) return "";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    return "";
  return `, is ${quoted(value)}`;
}
