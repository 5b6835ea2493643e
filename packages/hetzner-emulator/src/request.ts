import type { Context as Hono } from "hono";
import { z } from "zod";
import { ApiError, type FieldError, invalidField, invalidInput } from "./errors.ts";
import { type Labels, labelProblem, parseSelector } from "./labels.ts";
import { paginate, sortBy } from "./paging.ts";

/** Labels as clients send them; rules that the vendor has on top of being a map of strings. */
export const labelsSchema = z.record(z.string(), z.string()).superRefine((labels, context) => {
  const problem = labelProblem(labels);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

/** Names of everything but servers. */
export function nameSchema(maximum: number) {
  return z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9._ -]*[A-Za-z0-9])?$/,
      "must start and end with a letter or digit",
    )
    .max(maximum);
}

/**
 * Reads the body of a request. Some actions are sent without one.
 *
 * @throws ApiError json_error for what is no JSON, invalid_input with every wrong field.
 */
export async function readBody<T>(c: Hono, schema: z.ZodType<T>): Promise<T> {
  const text = await c.req.text();
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new ApiError("json_error", "invalid JSON in request body");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(
    ({ path, message }): FieldError => ({ name: path.join(".") || "body", messages: [message] }),
  );
  throw invalidInput(fields[0] ?? { name: "body", messages: ["is invalid"] }, ...fields.slice(1));
}

export function idParam(c: Hono, name = "id"): number {
  const id = Number(c.req.param(name));
  if (!Number.isInteger(id) || id < 1) throw invalidField(name, "must be an integer");
  return id;
}

/** What of an item is compared, and with which values: where they are named, others are refused. */
export interface Filter<T> {
  readonly of: (item: T) => string;
  readonly values?: readonly string[];
}

interface ListOptions<T> {
  /** The key of the list in the answer. */
  readonly key: string;
  readonly sort: Readonly<Record<string, (item: T) => string | number>>;
  readonly format: (item: T) => unknown;
  /** Filters by query parameter beside `name` and `label_selector`; each may be repeated. */
  readonly filters?: Readonly<Record<string, Filter<T>>>;
}

type Listed = { readonly id: number; readonly name: string; readonly labels?: Labels };

/** Answers a list: filtered, sorted, one page of it. */
export function answerList<T extends Listed>(
  c: Hono,
  items: readonly T[],
  options: ListOptions<T>,
) {
  const url = new URL(c.req.url);
  const name = url.searchParams.get("name");
  const selector = url.searchParams.get("label_selector");
  const matches = selector ? parseSelector(selector) : () => true;
  const filters = Object.entries(options.filters ?? {}).map(([parameter, { of, values }]) => {
    const wanted = url.searchParams.getAll(parameter);
    const unknown = wanted.find((value) => values !== undefined && !values.includes(value));
    if (unknown !== undefined) throw invalidField(parameter, `'${unknown}' is not one of them`);
    return (item: T) => wanted.length === 0 || wanted.includes(of(item));
  });
  const found = items.filter(
    (item) =>
      (name === null || item.name === name) &&
      matches(item.labels ?? {}) &&
      filters.every((filter) => filter(item)),
  );
  const page = paginate(sortBy(found, url, options.sort), url);
  if (page.link !== "") c.header("Link", page.link);
  return c.json({ [options.key]: page.items.map(options.format), meta: page.meta });
}
