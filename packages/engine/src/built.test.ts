import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { buildEngine, builtEngine } from "./built.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A fake go: it notes each build, and makes a program that does nothing. $EXTRA runs before. */
const FAKE_GO = `#!/bin/sh
if [ "$1" = env ]; then echo "go$GO_VERSION"; exit; fi
echo "$@" >> "$GO_LOG"
eval "$EXTRA"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\n' > "$2" && chmod 755 "$2"
`;

function setting(variables: Record<string, string> = {}) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/go"), FAKE_GO, { mode: 0o755 });
  const log = join(folder, "go.log");
  const env = {
    PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
    GO_LOG: log,
    GO_VERSION: "1.26.8",
    ...variables,
  };
  const builds = () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []);
  return { cache: join(folder, "cache"), env, builds };
}

const silent = () => undefined;

test("builds the engine with its plugins, and not a second time", async () => {
  const { cache, env, builds } = setting();
  const engine = await buildEngine(cache, env, silent);
  expect(engine).toMatchObject({ origin: "built", version: "3.259.0" });
  for (const path of [engine.cli, ...engine.plugins.map((plugin) => plugin.path)]) {
    expect(existsSync(path), path).toBe(true);
  }
  const count = builds().length;
  expect(await buildEngine(cache, env, silent)).toEqual(engine);
  expect(builds()).toHaveLength(count);
});

test("what was built is found without Go", async () => {
  const { cache, env } = setting();
  const engine = await buildEngine(cache, env, silent);
  expect(builtEngine(cache)).toEqual(engine);
});

test("says which plugins are test doubles, and the version of the code in the others", async () => {
  const { cache, env } = setting();
  const { plugins } = await buildEngine(cache, env, silent);
  expect(plugins.map(({ name, testDouble }) => [name, testDouble])).toEqual([
    ["nodejs", true],
    ["hcloud", false],
    ["random", false],
    ["cloudinit", true],
    ["command", true],
  ]);
  expect(plugins.find(({ name }) => name === "hcloud")).toMatchObject({
    version: "1.60.1",
    label: "1.32.1",
  });
});

test.each([
  ["there is no Go", { PATH: "/nowhere" }, "found: none"],
  ["Go is too old", { GO_VERSION: "1.25.11" }, "found: 1.25.11"],
])("one message says what to install when %s", async (_, variables, words) => {
  const { cache, env } = setting(variables);
  const failure = buildEngine(cache, env, silent);
  await expect(failure).rejects.toThrow(/Install Pulumi .* or Go /);
  await expect(failure).rejects.toThrow(words);
  await expect(failure).rejects.toMatchObject({ name: "EngineUnavailableError" });
});

test("a build that fails gives the end of what Go said and leaves nothing half-made", async () => {
  const { cache, env } = setting({ EXTRA: 'echo "dial tcp: no such host" >&2; exit 1' });
  await expect(buildEngine(cache, env, silent)).rejects.toThrow("dial tcp: no such host");
  expect(readdirSync(cache)).toEqual([]);
  expect(builtEngine(cache)).toBeUndefined();
});

test("leftovers of a run that was killed are no obstacle", async () => {
  const { cache, env } = setting();
  const first = await buildEngine(cache, env, silent);
  const other = join(temporaryFolder(), "cache");
  for (const folder of readdirSync(cache)) {
    mkdirSync(join(other, `${folder}.partial/out`), { recursive: true });
    writeFileSync(join(other, `${folder}.partial/out/half`), "");
  }
  const again = await buildEngine(other, env, silent);
  expect(again.plugins).toHaveLength(first.plugins.length);
  expect(readdirSync(other).sort()).toEqual(readdirSync(cache).sort());
});

test("of two runs at once one builds, and the other waits and says so", async () => {
  const { cache, env, builds } = setting({ EXTRA: "sleep 0.05" });
  const lines: string[] = [];
  const tell = (line: string) => lines.push(line);
  const [a, b] = await Promise.all([buildEngine(cache, env, tell), buildEngine(cache, env, tell)]);
  expect(a).toEqual(b);
  expect(new Set(builds()).size).toBe(builds().length);
  expect(lines.filter((line) => line.includes("waiting for it"))).not.toEqual([]);
});

test("an interrupted build ends its Go, dies by the signal and leaves nothing half-made", async () => {
  const { cache, env, builds } = setting({ EXTRA: "exec sleep 20" });
  const program = `
    const { buildEngine } = await import(${JSON.stringify(new URL("built.ts", import.meta.url).href)});
    await buildEngine(${JSON.stringify(cache)}, process.env, () => undefined).catch(() => undefined);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env,
    stdio: "ignore",
  });
  await vi.waitUntil(() => builds().length > 0, { timeout: 10_000 });
  child.kill("SIGTERM");
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGTERM");
  expect(readdirSync(cache)).toEqual([]);
});
