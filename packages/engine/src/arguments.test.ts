import fc from "fast-check";
import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test.each([
  ["-C apart", ["-C", "dir", "up"], ["-C", "/home/ada/dir", "up"], "/home/ada/dir"],
  ["-C behind the command", ["up", "-C", "dir"], ["up", "-C", "/home/ada/dir"], "/home/ada/dir"],
  ["-C attached", ["up", "-Cdir"], ["up", "-C", "/home/ada/dir"], "/home/ada/dir"],
  ["-C=", ["-C=dir", "up"], ["-C", "/home/ada/dir", "up"], "/home/ada/dir"],
  ["--cwd apart", ["--cwd", "dir", "up"], ["-C", "/home/ada/dir", "up"], "/home/ada/dir"],
  ["--cwd=", ["up", "--cwd=../x"], ["up", "-C", "/home/x"], "/home/x"],
  ["an absolute folder", ["-C", "/srv", "up"], ["-C", "/srv", "up"], "/srv"],
  ["none", ["stack", "export"], ["stack", "export"], undefined],
  [
    "two, of which the last counts",
    ["-C", "a", "-C", "b"],
    ["-C", "/home/ada/a", "-C", "/home/ada/b"],
    "/home/ada/b",
  ],
  ["one without a folder", ["up", "-C"], ["up", "-C"], undefined],
  [
    "one behind --",
    ["config", "set", "k", "--", "-C", "x"],
    ["config", "set", "k", "--", "-C", "x"],
    undefined,
  ],
  ["--cwd that ends at --", ["--cwd", "--", "x"], ["--cwd", "--", "x"], undefined],
])("reads %s", (_, args, expected, folder) => {
  expect(readArguments(args, "/home/ada")).toEqual({ args: expected, folder });
});

const other = fc.string().filter((arg) => !/^(-C|--cwd)/.test(arg) && arg !== "--");

test("arguments without a folder go through unchanged", () => {
  fc.assert(
    fc.property(fc.array(other), (args) => {
      expect(readArguments(args, "/home/ada")).toEqual({ args, folder: undefined });
    }),
  );
});

test("a folder is found wherever it stands", () => {
  fc.assert(
    fc.property(fc.array(other), fc.array(other), (before, after) => {
      const read = readArguments([...before, "-C", "dir", ...after], "/home/ada");
      expect(read.folder).toBe("/home/ada/dir");
      expect(read.args).toEqual([...before, "-C", "/home/ada/dir", ...after]);
    }),
  );
});
