import { dirname } from "node:path";
import { expect, test } from "vitest";
import { engineEnvironment } from "./environment.ts";
import type { Engine } from "./types.ts";

const engine = (origin: Engine["origin"]): Engine => ({
  origin,
  version: "3.259.0",
  cli: "/cache/cli/pulumi",
  plugins: [],
});
const node = dirname(process.execPath);

test("puts the engine and this Node first on PATH, each once", () => {
  const environment = engineEnvironment(engine("built"), { PATH: `/usr/bin:${node}:/bin` });
  expect(environment.PATH).toBe(`/cache/cli:${node}:/usr/bin:/bin`);
});

test.each([
  ["built", "true"],
  ["path", undefined],
  ["official", undefined],
] as const)("%s: acquisition of plugins is switched off: %s", (origin, expected) => {
  const environment = engineEnvironment(engine(origin), {});
  expect(environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe(expected);
});

test("what the caller set himself stays", () => {
  const base = { PULUMI_SKIP_UPDATE_CHECK: "false", PULUMI_HOME: "/home/ada/.pulumi" };
  expect(engineEnvironment(engine("built"), base)).toMatchObject(base);
});
