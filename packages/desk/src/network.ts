import ipaddr from "ipaddr.js";
import type { Problem } from "./problem.ts";
import { quoted } from "./quoted.ts";

const worlds = ["0.0.0.0/0", "::/0"];

/**
 * What is wrong with one network of an allow list. Only the canonical form passes: with prefix, host
 * bits zero, shortest lower-case IPv6. The provider shows a diff for ever on any other.
 */
export function networkProblem(network: string): Problem | undefined {
  if (!ipaddr.isValidCIDR(network)) {
    const single = ipaddr.isValid(network)
      ? `${network}/${ipaddr.parse(network).kind() === "ipv4" ? 32 : 128}`
      : undefined;
    return {
      rule: `must be a network in CIDR form, is ${quoted(network)}`,
      remedy:
        single === undefined
          ? "Write it like 203.0.113.7/32 or 2001:db8::/32."
          : `Write ${single}.`,
    };
  }
  const canonical = canonicalNetwork(network);
  if (canonical !== network) {
    return {
      rule: `must have no host bits and the shortest form, is ${quoted(network)}`,
      remedy: `Write ${canonical}.`,
    };
  }
  return undefined;
}

function canonicalNetwork(network: string): string {
  const [address, prefix] = ipaddr.parseCIDR(network);
  const base =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(network)
      : ipaddr.IPv6.networkAddressFromCIDR(network);
  return `${base.toString()}/${prefix}`;
}

/** Networks that open all of IPv4 or IPv6 in pieces. Whoever means the world writes it out. */
export function hiddenWorldProblem(networks: readonly string[]): Problem | undefined {
  for (const [kind, bits, world] of [
    ["ipv4", 32, worlds[0]],
    ["ipv6", 128, worlds[1]],
  ] as const) {
    const prefixes = networks
      .filter((network) => network !== world && ipaddr.isValidCIDR(network))
      .map((network) => ({ network: canonicalNetwork(network), parsed: ipaddr.parseCIDR(network) }))
      .filter(({ parsed }) => parsed[0].kind() === kind);
    const unique = new Map(prefixes.map(({ network, parsed }) => [network, parsed[1]]));
    const opened = [...unique.values()].reduce((sum, prefix) => sum + 2 ** -prefix, 0);
    // Half of all addresses is a hole of the same kind as all of them.
    if (opened >= 0.5 && bits > 0) {
      return {
        rule: `opens SSH to ${opened >= 1 ? "the whole world" : "half of the world"} in pieces (${kind})`,
        remedy: `Name the networks that need it, or write ${world} to say that the world is meant.`,
      };
    }
  }
  return undefined;
}
