import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placements, placePlugins } from "./place.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { Engine, Plugin } from "./types.ts";

/** A built engine with the one plugin hcloud, an empty PULUMI_HOME that is not there yet, and a program. */
function setting({ asks = "1.41.0", code = "code" } = {}) {
  const folder = temporaryFolder();
  const path = join(folder, "cached-plugin");
  writeFileSync(path, code, { mode: 0o755 });
  const plugin: Plugin = {
    kind: "resource",
    name: "hcloud",
    version: "1.60.1",
    label: "1.32.1",
    testDouble: false,
    path,
  };
  const host: Plugin = { ...plugin, kind: "language", name: "nodejs" };
  const engine: Engine = {
    origin: "built",
    version: "3.259.0",
    cli: join(folder, "pulumi"),
    plugins: [host, plugin],
  };
  const programDir = join(folder, "program");
  const sdk = join(programDir, "node_modules/@pulumi/hcloud");
  mkdirSync(sdk, { recursive: true });
  writeFileSync(
    join(programDir, "package.json"),
    JSON.stringify({ dependencies: { "@pulumi/hcloud": "*" } }),
  );
  writeFileSync(
    join(sdk, "package.json"),
    JSON.stringify({ pulumi: { resource: true, name: "hcloud", version: asks } }),
  );
  const pulumiHome = join(folder, "home");
  const placed = (version: string) =>
    join(pulumiHome, "plugins", `resource-hcloud-v${version}`, "pulumi-resource-hcloud");
  return {
    engine,
    options: { pulumiHome, programDir },
    placed,
    path,
    plugins: join(pulumiHome, "plugins"),
  };
}

test("an empty home gets the plugin under its label and under the version asked for", async () => {
  const { engine, options, placed, plugins } = setting();
  await placePlugins(engine, options);
  expect(readdirSync(plugins).sort()).toEqual([
    "resource-hcloud-v1.32.1",
    "resource-hcloud-v1.41.0",
  ]);
  expect(readFileSync(placed("1.41.0"), "utf8")).toBe("code");
  expect(statSync(placed("1.41.0")).mode & 0o111).not.toBe(0);
});

test("placing again changes nothing", async () => {
  const { engine, options, placed } = setting();
  await placePlugins(engine, options);
  const before = statSync(placed("1.41.0"));
  await placePlugins(engine, options);
  const after = statSync(placed("1.41.0"));
  expect([after.ino, after.ctimeMs]).toEqual([before.ino, before.ctimeMs]);
});

test("a plugin that was built anew replaces the one that was placed before", async () => {
  const old = setting({ code: "old" });
  await placePlugins(old.engine, old.options);
  const fresh = setting({ code: "fresh" });
  await placePlugins(fresh.engine, { ...fresh.options, pulumiHome: old.options.pulumiHome });
  expect(readFileSync(old.placed("1.41.0"), "utf8")).toBe("fresh");
  expect(readFileSync(old.path, "utf8")).toBe("old");
});

test("a plugin that the official engine installed stays", async () => {
  const { engine, options, placed } = setting();
  mkdirSync(join(placed("1.41.0"), ".."), { recursive: true });
  writeFileSync(placed("1.41.0"), "official");
  await placePlugins(engine, options);
  expect(readFileSync(placed("1.41.0"), "utf8")).toBe("official");
});

test("runs at the same time leave one whole plugin and nothing else", async () => {
  const { engine, options, placed, plugins } = setting();
  await Promise.all(Array.from({ length: 8 }, () => placePlugins(engine, options)));
  expect(readdirSync(plugins).sort()).toEqual([
    "resource-hcloud-v1.32.1",
    "resource-hcloud-v1.41.0",
  ]);
  expect(readFileSync(placed("1.32.1"), "utf8")).toBe("code");
});

test("an official engine gets nothing placed", async () => {
  const { engine, options, plugins } = setting();
  await placePlugins({ ...engine, origin: "path", plugins: [] }, options);
  expect(() => readdirSync(plugins)).toThrow("ENOENT");
});

test("a version that is the label is placed once", () => {
  const { engine } = setting();
  const resources = engine.plugins.filter(({ kind }) => kind === "resource");
  const asked = [
    { name: "hcloud", version: "1.32.1" },
    { name: "aws", version: "7.0.0" },
  ];
  expect(placements(resources, asked).map(({ version }) => version)).toEqual(["1.32.1"]);
});
