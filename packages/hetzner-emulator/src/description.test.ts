import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readDescription } from "./description.ts";

const primaryIp = {
  type: "object",
  required: ["id", "datacenter", "assignee_type"],
  properties: {
    id: { type: "integer" },
    datacenter: { type: "object" },
    assignee_type: { type: "string", enum: ["server"] },
    format: { type: "string", nullable: true, enum: ["ext4"] },
    price: { type: "string", format: "decimal" },
  },
};
const answerOf = (schema: unknown) => ({ content: { "application/json": { schema } } });
const paths = {
  "/things/{id}": {
    get: { responses: { "200": answerOf(primaryIp), "4xx": answerOf({ type: "object" }) } },
  },
  "/things/all": { get: { responses: { "200": answerOf({ type: "array" }) } } },
};

/** What a description with the paths above says to an answer. */
function problemsOf(path: string, status: number, body: unknown): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), "bureau-description-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "openapi.json"), JSON.stringify({ paths }));
  const description = readDescription(join(dir, "openapi.json"));
  description.check(
    { method: "GET", path: `/v1${path}`, query: "", body: undefined, status },
    body,
  );
  return description.problems;
}

const good = { id: 1, assignee_type: "server" };

test.each([
  ["what is described", "/things/1", 200, good],
  ["an address that nobody holds", "/things/1", 200, { ...good, assignee_type: "unassigned" }],
  ["null where it may be", "/things/1", 200, { ...good, format: null }],
  ["a path without a variable before one with", "/things/all", 200, []],
  ["an error of the right range", "/things/1", 404, {}],
  ["a path that is not described", "/others", 200, { anything: 1 }],
])("%s is no problem", (_, path, status, body) => {
  expect(problemsOf(path, status, body)).toEqual([]);
});

test.each([
  ["a missing property", { assignee_type: "server" }, "required property 'id'"],
  ["a wrong type", { ...good, id: "1" }, "/id must be integer"],
  ["an unknown value", { ...good, assignee_type: "nobody" }, "allowed values"],
  ["an invented property", { ...good, color: "red" }, "additional properties"],
  ["a malformed price", { ...good, price: "1,5" }, 'format "decimal"'],
  ["nothing at all", undefined, "must be object"],
])("%s is a problem", (_, body, problem) => {
  expect(problemsOf("/things/1", 200, body).join()).toContain(problem);
});

test("a status that is not described is a problem", () => {
  expect(problemsOf("/things/1", 202, {})).toEqual([
    "GET /things/1 202: the description knows no such answer",
  ]);
});
