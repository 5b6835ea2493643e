import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { presentDesk, readConfig, undoOnFailure, writeConfig } from "./stack-file.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bureau-stack-file-"));
  file = join(dir, "Pulumi.local.yaml");
});
afterEach(() => rmSync(dir, { recursive: true }));

test("plain values are set beside what is encrypted, and null takes one away", () => {
  writeFileSync(
    file,
    "encryptionsalt: v1:x\nconfig:\n  bureau:apiKey:\n    secure: v1:y\n  bureau:model: old\n",
  );
  writeConfig(file, { "bureau:model": null, "bureau:provider": "openai" });
  expect(readConfig(file)).toEqual({
    "bureau:apiKey": { secure: "v1:y" },
    "bureau:provider": "openai",
  });
  expect(readFileSync(file, "utf8")).toContain("encryptionsalt: v1:x");
});

test("there is no desk yet while provider or key is missing", () => {
  expect(presentDesk(file, false)).toBeUndefined();
  writeConfig(file, { "bureau:provider": "openai" });
  expect(presentDesk(file, false)).toBeUndefined();
  writeConfig(file, { "bureau:apiKey": { secure: "v1:y" } });
  expect(presentDesk(file, true)).toEqual({ provider: "openai", demoKey: true });
});

test("what fails leaves the file as it was", async () => {
  writeConfig(file, { "bureau:model": "old" });
  const before = readFileSync(file, "utf8");
  const failing = async () => {
    writeConfig(file, { "bureau:model": "new" });
    throw new Error("preview failed");
  };
  await expect(undoOnFailure(file, failing)).rejects.toThrow("preview failed");
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("what fails takes away a file that was not there before", async () => {
  await expect(
    undoOnFailure(file, async () => {
      writeConfig(file, {});
      throw new Error("preview failed");
    }),
  ).rejects.toThrow();
  expect(existsSync(file)).toBe(false);
});
