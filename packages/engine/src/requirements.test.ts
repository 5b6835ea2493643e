import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { requiredPlugins, requirementOf } from "./requirements.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const sdk = (name: string, version: string) => ({ pulumi: { resource: true, name, version } });

/** Writes package.json files, given by the folder that they are in. */
function tree(manifests: Record<string, object>): string {
  const root = temporaryFolder();
  for (const [folder, manifest] of Object.entries(manifests)) {
    const path = join(root, folder, "package.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(manifest));
  }
  return root;
}

test("finds the SDKs that a program depends on, in any field", () => {
  const root = tree({
    ".": { dependencies: { a: "*" }, devDependencies: { b: "*" }, peerDependencies: { c: "*" } },
    "node_modules/a": sdk("a", "1.0.0"),
    "node_modules/b": sdk("b", "2.0.0"),
    "node_modules/c": sdk("c", "3.0.0"),
    "node_modules/unasked": sdk("unasked", "9.0.0"),
  });
  expect(requiredPlugins(root)).toEqual([
    { name: "a", version: "1.0.0" },
    { name: "c", version: "3.0.0" },
    { name: "b", version: "2.0.0" },
  ]);
});

test("finds hoisted SDKs of a workspace that is linked", () => {
  const root = tree({
    ".": { workspaces: ["infra", "packages/*"] },
    infra: { dependencies: { "@bureau/desk": "*" } },
    "packages/desk": { peerDependencies: { "@pulumi/hcloud": ">=1" } },
    "node_modules/@pulumi/hcloud": sdk("hcloud", "1.41.0"),
  });
  mkdirSync(join(root, "node_modules/@bureau"), { recursive: true });
  symlinkSync(join(root, "packages/desk"), join(root, "node_modules/@bureau/desk"));
  expect(requiredPlugins(join(root, "infra"))).toEqual([{ name: "hcloud", version: "1.41.0" }]);
});

test("asks for both versions when two packages bring different ones", () => {
  const root = tree({
    ".": { dependencies: { a: "*", b: "*" } },
    "node_modules/a": { ...sdk("a", "1.0.0"), dependencies: { b: "*" } },
    "node_modules/a/node_modules/b": sdk("b", "1.5.0"),
    "node_modules/b": sdk("b", "2.5.0"),
  });
  expect(requiredPlugins(root)).toContainEqual({ name: "b", version: "1.5.0" });
  expect(requiredPlugins(root)).toContainEqual({ name: "b", version: "2.5.0" });
});

test("leaves out what a dependency needs only for its own development", () => {
  const root = tree({
    ".": { dependencies: { a: "*" } },
    "node_modules/a": { devDependencies: { b: "*" } },
    "node_modules/b": sdk("b", "1.0.0"),
  });
  expect(requiredPlugins(root)).toEqual([]);
});

test("ends where packages depend on each other", () => {
  const root = tree({
    ".": { dependencies: { a: "*" } },
    "node_modules/a": { ...sdk("a", "1.0.0"), dependencies: { b: "*" } },
    "node_modules/b": { ...sdk("b", "2.0.0"), dependencies: { a: "*" } },
  });
  expect(requiredPlugins(root).map(({ name }) => name)).toEqual(["a", "b"]);
});

test("takes the nearest package.json above a folder that has none", () => {
  const root = tree({ ".": { dependencies: { a: "*" } }, "node_modules/a": sdk("a", "1.0.0") });
  mkdirSync(join(root, "src"));
  expect(requiredPlugins(join(root, "src"))).toEqual([{ name: "a", version: "1.0.0" }]);
});

test.each([
  [
    "the plugin's own version first",
    { version: "1.0.0", ...sdk("a", "2.0.0") },
    { name: "a", version: "2.0.0" },
  ],
  [
    "else that of the package",
    { version: "1.0.0", pulumi: { resource: true, name: "a" } },
    { name: "a", version: "1.0.0" },
  ],
  ["without a v", sdk("a", "v2.0.0"), { name: "a", version: "2.0.0" }],
  ["nothing for a package that is no SDK", { version: "1.0.0" }, undefined],
  [
    "nothing for a component package",
    { version: "1.0.0", pulumi: { resource: false, name: "a" } },
    undefined,
  ],
  ["nothing without a name", { version: "1.0.0", pulumi: { resource: true } }, undefined],
  ["nothing without a version", { pulumi: { resource: true, name: "a" } }, undefined],
])("reads %s", (_, manifest, expected) => {
  expect(requirementOf(manifest)).toEqual(expected);
});
