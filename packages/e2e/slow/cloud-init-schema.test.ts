import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers, cannotRun } from "./clients/judge.ts";

const golden = fileURLToPath(new URL("../../desk/golden/", import.meta.url));

const skip = cannotRun("CLOUD-INIT'S SCHEMA", "Install the package cloud-init.", () =>
  answers("cloud-init", "--version"),
);

function check(file: string) {
  const { status, stdout, stderr } = spawnSync("cloud-init", ["schema", "--config-file", file], {
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
}

describe.skipIf(skip)("cloud-init's own schema check", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "bureau-schema-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test.each(readdirSync(golden))("takes the golden user data %s", (name) => {
    const { status, said } = check(join(golden, name));
    expect(said).toMatch(/Valid (cloud-config|schema)/);
    expect(said).not.toMatch(/deprecat/i);
    expect(status).toBe(0);
  });

  test("refuses a document in which a file's permissions are a number", () => {
    const [name = ""] = readdirSync(golden);
    const broken = join(dir, "broken.yaml");
    const text = readFileSync(join(golden, name), "utf8");
    writeFileSync(broken, text.replace('permissions: "0600"', "permissions: 384"));
    const { status, said } = check(broken);
    expect(status).not.toBe(0);
    expect(said).toContain("write_files");
  });
});
