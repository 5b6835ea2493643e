import { BlockList } from "node:net";
import type { FirewallRule } from "../model.ts";

/** TCP_LISTEN in the kernel's net/tcp_states.h. */
const listening = "0A";

/**
 * Ports of /proc/net/tcp or tcp6 that are listened on by more than loopback.
 *
 * @example
 * listeningPorts(readFileSync("/proc/1/net/tcp", "utf8")); // [22]
 */
export function listeningPorts(table: string): number[] {
  const ports = table.split("\n").flatMap((line) => {
    const [, , local = "", , state] = ` ${line}`.split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    return state === listening && !isLoopbackHex(address) ? [Number.parseInt(port, 16)] : [];
  });
  return [...new Set(ports)];
}

/** The kernel prints addresses as little-endian words. */
function isLoopbackHex(address: string): boolean {
  return (
    (address.length === 8 && address.endsWith("7F")) ||
    address === "00000000000000000000000001000000" ||
    (address.startsWith("0000000000000000FFFF0000") && address.endsWith("7F"))
  );
}

/** Whether a server behind these firewalls takes a TCP connection; without a firewall it takes all. */
export function letsIn(
  firewalls: readonly { readonly rules: readonly FirewallRule[] }[],
  port: number,
  source: string,
): boolean {
  if (firewalls.length === 0) return true;
  return firewalls.some(({ rules }) =>
    rules.some(
      (rule) =>
        rule.direction === "in" &&
        rule.protocol === "tcp" &&
        isInRange(rule.port, port) &&
        isFrom(rule.source_ips, source),
    ),
  );
}

/** What is tried of a range, so that a wide one is not a listener for each of its ports. */
const triedOfRange = 64;

/**
 * TCP ports that firewalls speak of, and SSH's: what to offer of a server that tells nobody where it
 * listens.
 */
export function namedPorts(
  firewalls: readonly { readonly rules: readonly FirewallRule[] }[],
): number[] {
  const ranges = firewalls.flatMap(({ rules }) =>
    rules
      .filter(({ direction, protocol }) => direction === "in" && protocol === "tcp")
      .map(({ port }) => (port === null || port === "any" ? [] : port.split("-").map(Number))),
  );
  const ports = ranges.flatMap(([from = 22, to = from]) =>
    Array.from({ length: Math.min(to - from + 1, triedOfRange) }, (_, i) => from + i),
  );
  return [...new Set([22, ...ports])];
}

function isInRange(range: string | null, port: number): boolean {
  if (range === null || range === "any") return true;
  const [from = 0, to = from] = range.split("-").map(Number);
  return port >= from && port <= to;
}

function isFrom(networks: readonly string[], source: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    list.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
  }
  return list.check(source, source.includes(":") ? "ipv6" : "ipv4");
}
