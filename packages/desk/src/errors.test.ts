import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { DeskInputError, joinPath } from "./errors.ts";

test("an error has a line for each issue, and the engine prints the message alone", () => {
  const error = new DeskInputError("alice", [
    { path: ["access", "ssh", "allowFrom", 0], rule: "is wrong", remedy: "Mend it." },
    { path: ["location"], rule: "is wrong as well", remedy: "Mend that." },
  ]);
  expect(error.message).toBe(
    'desk "alice": access.ssh.allowFrom[0]: is wrong. Mend it.\n' +
      'desk "alice": location: is wrong as well. Mend that.',
  );
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(error.stack).toBe("");
});

test("a path reads as it is written", () => {
  expect(joinPath(["a", 1, "b", 0])).toBe("a[1].b[0]");
  expect(joinPath([])).toBe("");
});
