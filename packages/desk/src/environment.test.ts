import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { environmentIssues } from "./environment.ts";

const token = "t".repeat(64);
afterEach(() => pulumi.runtime.setAllConfig({}));

test.each([
  {},
  { HCLOUD_TOKEN: token },
  { PULUMI_CONFIG_PASSPHRASE: "correct horse" },
  { PULUMI_CONFIG_PASSPHRASE_FILE: "/nonexistent/passphrase" },
])("%j is good", (env) => expect(environmentIssues(env)).toEqual([]));

test("a token that is not 64 characters is refused and not shown, in the environment and in config", () => {
  const short = canaryKey("openrouter").slice(6, 40);
  const fromEnvironment = environmentIssues({ HCLOUD_TOKEN: short });
  pulumi.runtime.setAllConfig({ "hcloud:token": short });
  const fromConfig = environmentIssues({ HCLOUD_TOKEN: token });
  for (const issues of [fromEnvironment, fromConfig]) {
    expect(issues.map(({ path }) => path)).toEqual([["hcloud:token"]]);
    expect(issues[0]?.rule).toContain("64 characters");
    expect(JSON.stringify(issues)).not.toContain(short.slice(0, 8));
  }
});

test("an empty passphrase is refused, in the environment and in a file", () => {
  const dir = mkdtempSync(join(tmpdir(), "bureau-passphrase-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "passphrase");
  writeFileSync(file, "\n");
  const paths = (env: NodeJS.ProcessEnv) => environmentIssues(env).map(({ path }) => path[0]);
  expect(paths({ PULUMI_CONFIG_PASSPHRASE: "" })).toEqual(["PULUMI_CONFIG_PASSPHRASE"]);
  expect(paths({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toEqual(["PULUMI_CONFIG_PASSPHRASE_FILE"]);
});
