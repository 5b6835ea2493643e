import type { Labels } from "./labels.ts";

/** What the cloud remembers of each resource. Times are RFC 3339. */
interface Resource {
  readonly id: number;
  name: string;
  readonly created: string;
  labels: Labels;
}

export interface Server extends Resource {
  power: "running" | "off";
  serverType: string;
  location: string;
  imageId: number | null;
  enableIpv4: boolean;
  enableIpv6: boolean;
  firewallIds: number[];
  protection: { delete: boolean; rebuild: boolean };
  backupWindow: string | null;
  primaryDiskSize: number;
  /** Of the user data nothing else is kept. */
  userDataSha256: string | null;
}

export interface Volume extends Resource {
  size: number;
  location: string;
  /** Id of the server that it is attached to. */
  server: number | null;
  format: string | null;
  protection: { delete: boolean };
}

export interface PrimaryIp extends Resource {
  type: "ipv4" | "ipv6";
  /** An address, or for IPv6 a network. */
  ip: string;
  location: string;
  assigneeId: number | null;
  autoDelete: boolean;
  dnsPtr: { ip: string; dns_ptr: string }[];
  protection: { delete: boolean };
}

export interface FirewallRule {
  direction: "in" | "out";
  protocol: "tcp" | "udp" | "icmp" | "esp" | "gre";
  port: string | null;
  source_ips: string[];
  destination_ips: string[];
  description: string | null;
}

export interface Firewall extends Resource {
  rules: FirewallRule[];
  /** Label selectors that it is applied to; servers remember their firewalls themselves. */
  selectors: string[];
}

export interface SshKey extends Resource {
  publicKey: string;
  fingerprint: string;
}

export interface Image extends Resource {
  type: "system" | "snapshot" | "backup";
  description: string;
  architecture: "x86" | "arm";
  osFlavor: string;
  osVersion: string | null;
  diskSize: number;
  createdFrom: { id: number; name: string } | null;
  boundTo: number | null;
  protection: { delete: boolean };
}

export interface ResourceRef {
  readonly type: "server" | "volume" | "primary_ip" | "firewall" | "image";
  readonly id: number;
}

export interface Action {
  readonly id: number;
  readonly command: string;
  readonly resources: readonly ResourceRef[];
  readonly started: string;
  /** Milliseconds from start to success. */
  readonly duration: number;
  readonly fails: boolean;
  /** Set once, when it has ended. */
  finished: string | null;
}
