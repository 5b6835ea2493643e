import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { RecordedRequest } from "./recorder.ts";

/** Holds answers against the vendor's OpenAPI description, and remembers those that differ. */
export interface Description {
  /** For the option `onResponse`. */
  readonly check: (request: RecordedRequest, body: unknown) => void;
  /** One line for each answer that the description does not allow. */
  readonly problems: readonly string[];
  /** How many answers were held against a schema, so that a suite can tell that it checked any. */
  readonly checked: () => number;
}

type Schema = { [keyword: string]: unknown };

/**
 * Where the API of autumn 2026 has moved on from the description, each as a change to a schema.
 * The vendor's changelog announces them: https://docs.hetzner.cloud/changelog
 */
const newer: readonly ((schema: Schema) => Schema)[] = [
  // Data centers went 2026-07-01 from servers and primary IPs.
  (schema) =>
    Array.isArray(schema.required)
      ? { ...schema, required: schema.required.filter((name) => name !== "datacenter") }
      : schema,
  // Since 2026-08-01 an address that nobody holds says so.
  (schema) =>
    isSchema(schema.properties) && isSchema(schema.properties.assignee_type)
      ? withProperty(schema, "assignee_type", { type: "string", enum: ["server", "unassigned"] })
      : schema,
];

/** Paths that the description has and today's API answers with an error. */
const gone = /^\/datacenters(\/|$)/;

/**
 * @param file the vendor's OpenAPI 3.0.3 description as JSON
 * @example
 * const description = readDescription(process.env.HCLOUD_OPENAPI);
 * const cloud = await createEmulator({ onResponse: description.check });
 * // … requests …
 * expect(description.problems).toEqual([]);
 */
export function readDescription(file: string): Description {
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Schema> };
  const templates = Object.keys(paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`),
  }));
  const ajv = formats.default(new Ajv({ strict: false, allErrors: true }));
  ajv.addFormat("decimal", /^\d+(\.\d+)?$/);
  const validators = new Map<string, ValidateFunction | undefined>();
  const problems: string[] = [];
  let checked = 0;

  /** Undefined where the description promises no body. */
  function validatorFor(template: string, method: string, status: number) {
    const key = `${method} ${template} ${status}`;
    if (!validators.has(key)) {
      const schema = responseSchema(paths[template]?.[method.toLowerCase()], status);
      validators.set(key, schema && ajv.compile(adapt(schema)));
    }
    return validators.get(key);
  }

  return {
    problems,
    checked: () => checked,
    check(request, body) {
      const { method, status } = request;
      const path = request.path.replace(/^\/v1/, "");
      const found = templates
        .filter(({ pattern }) => pattern.test(path))
        // `/servers/actions` is no server's id.
        .sort((a, b) => a.template.split("{").length - b.template.split("{").length)[0];
      if (status === undefined || found === undefined || gone.test(path)) return;
      // A method that a path does not have is an error of every path, and described at none.
      if (status === 405) return;
      const line = `${method} ${path} ${status}`;
      const validate = validatorFor(found.template, method, status);
      if (validate === undefined) {
        if (body !== undefined) problems.push(`${line}: the description knows no such answer`);
        return;
      }
      checked += 1;
      if (validate(body)) return;
      for (const { instancePath, message, params } of validate.errors ?? []) {
        problems.push(`${line}: ${instancePath || "/"} ${message} ${JSON.stringify(params)}`);
      }
    },
  };
}

function responseSchema(operation: unknown, status: number): Schema | undefined {
  const responses = at(operation, "responses");
  const answer = at(responses, String(status)) ?? at(responses, `${Math.floor(status / 100)}xx`);
  return at(at(at(answer, "content"), "application/json"), "schema");
}

function at(value: unknown, key: string): Schema | undefined {
  const found = isSchema(value) ? value[key] : undefined;
  return isSchema(found) ? found : undefined;
}

/** A schema as ajv reads it, and as the API is today, with no property that nobody described. */
function adapt(schema: Schema): Schema {
  const own = newer.reduce((changed, change) => change(changed), schema);
  const adapted: Schema = Object.fromEntries(
    Object.entries(own).map(([keyword, value]) => [keyword, adaptValue(keyword, value)]),
  );
  // ajv knows OpenAPI's `nullable` beside a type; an enum has to name null itself.
  if (adapted.nullable === true && Array.isArray(adapted.enum)) {
    adapted.enum = [...new Set([...adapted.enum, null])];
  }
  if (isSchema(adapted.properties) && !("additionalProperties" in adapted)) {
    adapted.additionalProperties = false;
  }
  return adapted;
}

function adaptValue(keyword: string, value: unknown): unknown {
  if (keyword === "example" || keyword === "default" || keyword === "enum") return value;
  if (keyword === "properties" && isSchema(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [
        name,
        isSchema(schema) ? adapt(schema) : schema,
      ]),
    );
  }
  if (Array.isArray(value)) return value.map((item) => (isSchema(item) ? adapt(item) : item));
  return isSchema(value) ? adapt(value) : value;
}

function withProperty(schema: Schema, name: string, property: Schema): Schema {
  return {
    ...schema,
    properties: { ...(isSchema(schema.properties) ? schema.properties : {}), [name]: property },
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
