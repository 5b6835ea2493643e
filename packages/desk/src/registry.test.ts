import { expect, test } from "vitest";
import { defaultRegistry } from "./defaults.ts";
import { registryProblem } from "./registry.ts";

test("npm's own default registry passes, whatever this machine is set to", () => {
  expect(registryProblem(defaultRegistry())).toBeUndefined();
  expect(new URL(defaultRegistry()).host).toMatch(/^registry\.npmjs\.org$/);
});

test.each(["https://registry.example", "https://registry.example/npm", "http://127.77.0.1:4873"])(
  "%s passes",
  (url) => expect(registryProblem(url)).toBeUndefined(),
);

test.each([
  ["http://registry.example", "https"],
  ["registry.example", "https"],
  ["", "https"],
  ["https://someone@registry.example", "user or password"],
  ["https://:hunter2hunter2@registry.example", "user or password"],
  ["https://registry.example/?token=hunter2", "without query"],
  ["https://registry.example/#hunter2", "without query"],
])("%s is refused, and not repeated", (url, reason) => {
  const problem = registryProblem(url);
  expect(`${problem?.rule}. ${problem?.remedy}`).toContain(reason);
  expect(JSON.stringify(problem)).not.toMatch(/hunter2|someone/);
});
