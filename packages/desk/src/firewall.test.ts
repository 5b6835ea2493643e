import { expect, test } from "vitest";
import { firewallRules } from "./firewall.ts";

test("without access only ICMP comes in, so that the list is never empty", () => {
  expect(firewallRules({ ssh: undefined }).map(({ protocol }) => protocol)).toEqual(["icmp"]);
});

test("with access its port is open to its networks and to no other", () => {
  const ssh = { publicKeys: [], allowFrom: ["203.0.113.7/32"], port: 2222, rootLogin: false };
  const open = firewallRules({ ssh }).filter(({ protocol }) => protocol !== "icmp");
  expect(open).toEqual([
    expect.objectContaining({ protocol: "tcp", port: "2222", sourceIps: ["203.0.113.7/32"] }),
  ]);
});
