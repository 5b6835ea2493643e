import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { cannotRun, judge, pythonClient, type Verdict } from "./clients/judge.ts";

const script = fileURLToPath(new URL("clients/python_client.py", import.meta.url));
let packages = "";
const skip = cannotRun(
  "THE PYTHON CLIENT",
  "It needs python3 with venv (Debian: python3-venv), and PyPI.",
  () => {
    try {
      packages = pythonClient();
      return true;
    } catch {
      return false;
    }
  },
);

describe.skipIf(skip)("the vendor's Python client", () => {
  let verdict: Verdict;
  beforeAll(async () => {
    verdict = await judge("python3", [script], { PYTHONPATH: packages });
  });

  test("creates, lists by selector, updates, acts on and deletes every resource", () => {
    expect(verdict.code, verdict.output).toBe(0);
    expect(verdict.output.trim().split("\n")).toEqual([
      "catalogue",
      "ssh keys, firewalls, volumes, primary ips",
      "servers",
      "images",
      "label selectors",
      "delete",
      "paging",
    ]);
  });

  test("gets only answers that the vendor's description allows", () => {
    expect(verdict.problems).toEqual([]);
    if (verdict.checked !== undefined) expect(verdict.checked).toBeGreaterThan(150);
  });

  test("meets no route that is missing", () => {
    const missing = verdict.requests.filter(({ status }) => status === 405 || status === 500);
    expect(missing).toEqual([]);
  });
});
