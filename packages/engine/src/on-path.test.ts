import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { engineOnPath } from "./on-path.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function fakePulumi(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return dirname(path);
}

test("a new enough pulumi on PATH is the engine", async () => {
  const folder = temporaryFolder();
  const bin = fakePulumi(join(folder, "bin/pulumi"), "[ $1 = version ] && echo v3.270.0");
  const engine = await engineOnPath(
    { PATH: `${join(folder, "none")}:${bin}` },
    join(folder, "cache"),
  );
  expect(engine).toEqual({
    origin: "path",
    version: "3.270.0",
    cli: join(bin, "pulumi"),
    plugins: [],
  });
});

test.each([
  ["is too old", "echo v3.200.0"],
  ["prints no version", "echo hello"],
  ["fails", "exit 1"],
])("a pulumi that %s is none", async (_, script) => {
  const folder = temporaryFolder();
  const bin = fakePulumi(join(folder, "bin/pulumi"), script);
  expect(await engineOnPath({ PATH: bin }, join(folder, "cache"))).toBeUndefined();
});

test("the one that was built is passed over, also behind a link", async () => {
  const folder = temporaryFolder();
  const cache = join(folder, "cache");
  const built = fakePulumi(join(cache, "cli-1/pulumi"), "echo v3.259.0");
  mkdirSync(join(folder, "links"));
  symlinkSync(join(built, "pulumi"), join(folder, "links/pulumi"));
  const official = fakePulumi(join(folder, "bin/pulumi"), "echo v3.270.0");
  const env = { PATH: [built, join(folder, "links"), official].join(":") };
  expect((await engineOnPath(env, cache))?.cli).toBe(join(official, "pulumi"));
  expect(await engineOnPath({ PATH: built }, cache)).toBeUndefined();
});

test("relative folders of PATH and files that cannot be run do not count", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "pulumi"), "");
  expect(await engineOnPath({ PATH: `bin:.:${folder}` }, join(folder, "cache"))).toBeUndefined();
});
