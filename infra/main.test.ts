import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./main.mjs", import.meta.url));

test.each(["18.20.0", "20.20.2", "22.17.9"])("Node %s gets one clear message", (version) => {
  // A Node that says it is older: the check is all that this runs.
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", pretend, program], {
    encoding: "utf8",
  });
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    `bureau needs Node >= 22.18 to run its TypeScript, and this is Node ${version}.`,
  );
  expect(stderr).toContain("npm run pulumi");
});

test("this Node is new enough", () => {
  const { stderr, status } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
