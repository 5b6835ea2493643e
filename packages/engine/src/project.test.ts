import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programFolder, projectFile } from "./project.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function project(text: string, name = "Pulumi.yaml"): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "infra"));
  writeFileSync(join(folder, "infra/main.mjs"), "");
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test.each([
  ["a folder", "name: x\nmain: infra\n", "infra"],
  ["a file", "name: x\nmain: infra/main.mjs\n", "infra"],
  ["nothing", "name: x\n", "."],
  ["no text", "name: x\nmain: [1]\n", "."],
  ["broken YAML", "name: [\n", "."],
])("the program of a project whose main is %s", (_, text, expected) => {
  const file = project(text);
  expect(programFolder(file)).toBe(join(file, "..", expected));
});

test.each(["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])(
  "%s is found from a folder below",
  (name) => {
    const file = project("{}", name);
    expect(projectFile(join(file, "../infra"))).toBe(file);
  },
);

test("a folder outside any project has none", () => {
  expect(projectFile(temporaryFolder())).toBeUndefined();
});
