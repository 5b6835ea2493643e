import { expect, test } from "vitest";
import type { FirewallRule } from "../model.ts";
import { letsIn, listeningPorts, namedPorts } from "./ports.ts";

const heading =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (local: string, state = "0A") =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 4242 1`;

test("ports that are listened on are found in the kernel's table, each once", () => {
  const table = [heading, line("00000000:0016"), line("6401A8AC:0016"), line("00000000:1F90"), ""];
  expect(listeningPorts(table.join("\n"))).toEqual([22, 8080]);
});

test.each([
  ["loopback", line("0100007F:4965")],
  ["loopback's other end", line("FEFFFF7F:0035")],
  ["IPv6 loopback", line("00000000000000000000000001000000:4965")],
  ["an open connection", line("6401A8AC:0016", "01")],
])("%s is no listening port", (_, text) => {
  expect(listeningPorts(`${heading}\n${text}\n`)).toEqual([]);
});

function rule(changes: Partial<FirewallRule> = {}): FirewallRule {
  return {
    direction: "in",
    protocol: "tcp",
    port: "22",
    source_ips: ["127.0.0.0/8"],
    destination_ips: [],
    description: null,
    ...changes,
  };
}

test("a server without a firewall takes every connection", () => {
  expect(letsIn([], 80, "127.0.0.1")).toBe(true);
});

test("a firewall without rules takes none", () => {
  expect(letsIn([{ rules: [] }], 22, "127.0.0.1")).toBe(false);
});

test.each([
  ["its port and source", rule(), true],
  ["another port", rule({ port: "80" }), false],
  ["a range with its port", rule({ port: "20-30" }), true],
  ["any port", rule({ port: "any" }), true],
  ["another source", rule({ source_ips: ["203.0.113.0/24"] }), false],
  ["every source", rule({ source_ips: ["::/0", "0.0.0.0/0"] }), true],
  ["another protocol", rule({ protocol: "udp" }), false],
  ["the other direction", rule({ direction: "out" }), false],
])("a rule for %s decides on SSH from loopback", (_, one, expected) => {
  expect(letsIn([{ rules: [one] }], 22, "127.0.0.1")).toBe(expected);
});

test.each([
  ["no firewall", [], [22]],
  ["a firewall without rules", [[]], [22]],
  [
    "a port and a short range",
    [[rule({ port: "443" }), rule({ port: "8080-8082" })]],
    [22, 443, 8080, 8081, 8082],
  ],
  ["the same port twice", [[rule()], [rule({ port: "443" }), rule({ port: "443" })]], [22, 443]],
  [
    "what is no TCP port in",
    [
      [
        rule({ port: "any" }),
        rule({ port: "53", protocol: "udp" }),
        rule({ port: "25", direction: "out" }),
      ],
    ],
    [22],
  ],
] as const)("the ports that are named by %s are those", (_, firewalls, expected) => {
  expect(namedPorts(firewalls.map((rules) => ({ rules })))).toEqual(expected);
});

test("of a wide range the first ports are named", () => {
  const ports = namedPorts([{ rules: [rule({ port: "1-65535" })] }]);
  expect(ports).toContain(1);
  expect(ports.length).toBeLessThan(100);
});
