import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@bureau/cli";
import { canaryKey } from "@bureau/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStack } from "../src/stack.ts";
import { observe } from "../src/steps.ts";
import { createWorld, type World } from "../src/world.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const bin = (name: string) => join(root, "node_modules/.bin", name);

let world: World;
let tarball: string;

beforeAll(async () => {
  world = await createWorld();
  const pack = await command(
    "npm",
    ["pack", "-s", "-w", "@bureau/desk", "--pack-destination", world.dir],
    root,
  );
  expect(pack.stdout.trim()).toMatch(/^bureau-desk-[\d.]+\.tgz$/);
  tarball = join(world.dir, pack.stdout.trim());
});
afterAll(() => world?.close());

async function command(file: string, args: readonly string[], cwd: string) {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  const done = await runCommand(file, args, { cwd, env });
  expect(done.code, `${file} ${args.join(" ")}:\n${done.output}`).toBe(0);
  return done;
}

describe("the packed library", () => {
  test("holds code, types, guest files and models, and no tests", async () => {
    const { stdout } = await command("tar", ["-tzf", tarball], world.dir);
    const files = stdout.trim().split("\n");
    for (const wanted of [
      "dist/index.js",
      "dist/index.d.ts",
      "models.json",
      "README.md",
      "LICENSE",
    ]) {
      expect(files).toContain(`package/${wanted}`);
    }
    expect(files.some((file) => file.startsWith("package/guest/"))).toBe(true);
    expect(files.filter((file) => /test|golden|canary|src\//.test(file))).toEqual([]);
  });

  test("is clean for publint and for attw", async () => {
    await command(bin("publint"), [tarball, "--strict"], root);
    await command(bin("attw"), [tarball, "--profile", "esm-only"], root);
  });

  test.each(["two-desks-esm", "two-desks-cjs"])(
    "makes two desks in one stack in %s, installed and compiled outside the workspace",
    async (name) => {
      const program = join(world.dir, name);
      mkdirSync(program);
      cpSync(join(root, "packages/e2e/engine/fixtures", name), program, { recursive: true });
      await command(
        "npm",
        ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball],
        program,
      );
      expect(existsSync(join(program, "node_modules/@bureau/desk/dist/index.js"))).toBe(true);
      expect(readdirSync(join(program, "node_modules/@bureau"))).toEqual(["desk"]);
      if (existsSync(join(program, "tsconfig.json"))) {
        await command(bin("tsc"), ["-p", "tsconfig.json", "--noEmit"], program);
      }

      const stack = await createStack(world, name, {
        program,
        config: {},
        secrets: {
          [`${name}:firstKey`]: canaryKey("anthropic"),
          [`${name}:secondKey`]: canaryKey("openrouter"),
        },
      });
      const before = world.cloud.snapshot().servers.length;
      const { command: up } = await observe(world, stack);
      expect(up.code, up.output).toBe(0);
      expect(world.cloud.snapshot().servers.length - before).toBe(2);
    },
  );
});
