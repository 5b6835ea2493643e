import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hiddenWorldProblem, networkProblem } from "./network.ts";

test.each(["203.0.113.7/32", "10.0.0.0/8", "2001:db8::/32", "::1/128", "0.0.0.0/0", "::/0"])(
  "%s is a network in canonical form",
  (network) => expect(networkProblem(network)).toBeUndefined(),
);

describe("any other form is refused with the one that is meant", () => {
  test.each([
    ["203.0.113.7", "Write 203.0.113.7/32."],
    ["2001:db8::1", "Write 2001:db8::1/128."],
    ["203.0.113.7/24", "Write 203.0.113.0/24."],
    ["2001:db8::1/64", "Write 2001:db8::/64."],
    ["2001:DB8::/32", "Write 2001:db8::/32."],
    ["2001:0db8::/32", "Write 2001:db8::/32."],
    ["2001:db8:0:0:0:0:0:0/32", "Write 2001:db8::/32."],
    ["203.0.113.0/33", "Write it like"],
    ["example.org/32", "Write it like"],
    ["", "Write it like"],
  ])("%s", (network, remedy) => expect(networkProblem(network)?.remedy).toContain(remedy));
});

test("what a remedy says to write is accepted", () => {
  const network = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  );
  fc.assert(
    fc.property(network, ([address, prefix]) => {
      const problem = networkProblem(`${address}/${prefix}`);
      const better = problem?.remedy.match(/^Write (\S+)\.$/)?.[1];
      if (better !== undefined) expect(networkProblem(better)).toBeUndefined();
    }),
  );
});

describe("the world is open only where it is written out", () => {
  test.each([
    [["0.0.0.0/0"]],
    [["::/0", "0.0.0.0/0"]],
    [["10.0.0.0/8", "192.168.0.0/16"]],
    [["0.0.0.0/2", "0.0.0.0/2"]],
  ])("%j passes", (networks) => expect(hiddenWorldProblem(networks)).toBeUndefined());

  test.each([
    [["0.0.0.0/1", "128.0.0.0/1"], "0.0.0.0/0"],
    [["128.0.0.0/1"], "0.0.0.0/0"],
    [["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"], "0.0.0.0/0"],
    [["::/1", "8000::/1"], "::/0"],
    [["0.0.0.0/0", "8000::/1"], "::/0"],
  ])("%j is refused", (networks, world) =>
    expect(hiddenWorldProblem(networks)?.remedy).toContain(`write ${world}`),
  );
});
