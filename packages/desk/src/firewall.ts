import type { DeskSettings } from "./settings.ts";

/** A rule of hcloud.Firewall, resolved. */
export interface FirewallRule {
  readonly direction: "in";
  readonly protocol: "icmp" | "tcp";
  readonly port?: string;
  readonly sourceIps: string[];
  readonly description: string;
}

/** What may come in. Nothing else does, and everything may go out. */
export function firewallRules({ ssh }: Pick<DeskSettings, "ssh">): FirewallRule[] {
  // Never empty: the provider does not send an emptied list, and the last port would stay open.
  const ping: FirewallRule = {
    direction: "in",
    protocol: "icmp",
    sourceIps: ["0.0.0.0/0", "::/0"],
    description: "ping",
  };
  if (ssh === undefined) return [ping];
  const open: FirewallRule = {
    direction: "in",
    protocol: "tcp",
    port: String(ssh.port),
    sourceIps: [...ssh.allowFrom],
    description: "SSH of the owner",
  };
  return [ping, open];
}
