import { expect, test } from "vitest";
import { addressesOf, parseWorld } from "./world.ts";

test("a world has hosts, each at an address of its own, and is offline unless it says otherwise", () => {
  const world = parseWorld({ hosts: { "a.example": "127.0.0.1:1", "b.example": "[::1]:2" } });
  expect(world.outbound).toBe(false);
  expect([...addressesOf(world)]).toEqual([
    ["a.example", "198.51.100.1"],
    ["b.example", "198.51.100.2"],
  ]);
});

test("everything that is wrong with a world is said at once", () => {
  const wrong = { hosts: { "a.example": "192.0.2.1:443" }, ca: "nonsense", outbound: "yes" };
  expect(() => parseWorld(wrong)).toThrow(
    /hosts\.a\.example: is no service on loopback.*ca: is no certificate.*outbound:/s,
  );
});

test.each(["127.0.0.1", "127.0.0.1:70000", "example.com:443", ""])("`%s` is no service", (text) => {
  expect(() => parseWorld({ hosts: { "a.example": text } })).toThrow("loopback");
});
