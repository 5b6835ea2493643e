import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildInputs, buildKey } from "./build-key.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const files = (entries: Record<string, string>) =>
  new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));

const base = buildKey(
  files({ "go.mod": "module x", "main.go": "package main" }),
  ["go build"],
  "linux-x64",
);

test("does not depend on the order in which files are found", () => {
  const other = files({ "main.go": "package main", "go.mod": "module x" });
  expect(buildKey(other, ["go build"], "linux-x64")).toBe(base);
});

test.each([
  ["content", { "go.mod": "module x", "main.go": "package other" }, ["go build"], "linux-x64"],
  ["name", { "go.mod": "module x", "other.go": "package main" }, ["go build"], "linux-x64"],
  ["number of files", { "go.mod": "module x" }, ["go build"], "linux-x64"],
  ["border between files", { "go.mod": "module xmain.gopackage main" }, ["go build"], "linux-x64"],
  ["recipe", { "go.mod": "module x", "main.go": "package main" }, ["go build", "-v"], "linux-x64"],
  ["platform", { "go.mod": "module x", "main.go": "package main" }, ["go build"], "linux-arm64"],
])("changes with the %s", (_, entries, recipe, platform) => {
  expect(buildKey(files(entries), recipe, platform)).not.toBe(base);
});

test("takes sources and module files as inputs, not tests or what a build leaves", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "cmd"));
  for (const name of [
    "go.mod",
    "go.sum",
    "a.go",
    "a_test.go",
    "README.md",
    "cmd/b.go",
    "cmd/schema.json",
  ]) {
    writeFileSync(join(folder, name), name);
  }
  expect([...buildInputs(folder).keys()].sort()).toEqual(["a.go", "cmd/b.go", "go.mod", "go.sum"]);
});
