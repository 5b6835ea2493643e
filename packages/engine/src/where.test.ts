import { expect, test } from "vitest";
import { renderWhere } from "./where.ts";

test("names origin, version and path, and each plugin's label and real version", () => {
  const text = renderWhere({
    origin: "built",
    version: "3.259.0",
    cli: "/cache/cli/pulumi",
    plugins: [
      {
        kind: "resource",
        name: "hcloud",
        version: "1.60.1",
        label: "1.32.1",
        testDouble: false,
        path: "/cache/h",
      },
      {
        kind: "resource",
        name: "cloudinit",
        version: "0.0.0",
        label: "1.6.1",
        testDouble: true,
        path: "/cache/c",
      },
    ],
  });
  expect(text).toBe(
    [
      "Pulumi 3.259.0, built from Go modules",
      "  /cache/cli/pulumi",
      "plugins:",
      "  resource hcloud 1.32.1: real code 1.60.1",
      "    /cache/h",
      "  resource cloudinit 1.6.1: TEST DOUBLE",
      "    /cache/c",
      "",
    ].join("\n"),
  );
});

test.each([
  ["path", "official, found on PATH"],
  ["official", "official, downloaded"],
] as const)("an engine by way of %s is %s and brings no plugins along", (origin, words) => {
  const text = renderWhere({ origin, version: "3.270.0", cli: "/bin/pulumi", plugins: [] });
  expect(text).toContain(`Pulumi 3.270.0, ${words}\n`);
  expect(text).toContain("plugins: the engine downloads them itself\n");
});
