import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { answers, cannotRun, judge, type Verdict } from "./clients/judge.ts";

const script = fileURLToPath(new URL("clients/hcloud-cli.sh", import.meta.url));
const skip = cannotRun("DEBIAN'S HCLOUD-CLI", "Install the package hcloud-cli.", () =>
  answers("hcloud", "version"),
);

describe.skipIf(skip)("Debian's hcloud-cli", () => {
  let verdict: Verdict;
  beforeAll(async () => {
    verdict = await judge("bash", [script]);
  });

  test("creates, lists by selector, updates, acts on and deletes every resource", () => {
    expect(verdict.code, verdict.output).toBe(0);
    const parts = [
      "ssh keys",
      "firewalls",
      "volumes",
      "servers",
      "images",
      "primary ips",
      "delete",
    ];
    const lines = verdict.output.split("\n");
    expect(parts.filter((part) => !lines.includes(part))).toEqual([]);
  });

  test("gets only answers that the vendor's description allows", () => {
    expect(verdict.problems).toEqual([]);
    if (verdict.checked !== undefined) expect(verdict.checked).toBeGreaterThan(100);
  });

  test("meets no route that is missing", () => {
    const missing = verdict.requests.filter(({ status }) => status === 405 || status === 500);
    expect(missing).toEqual([]);
  });
});
