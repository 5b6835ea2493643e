import { readAsset } from "./assets.ts";
import { brokerFiles, slotsOf } from "./broker-config.ts";
import { guestVersion } from "./defaults.ts";
import { memoryConfig, openclawConfig } from "./openclaw-config.ts";
import type { DeskSettings } from "./settings.ts";
import { fillIn } from "./template.ts";

/** A file of the guest without a secret in it, root's own. */
export interface GuestFile {
  readonly path: string;
  readonly permissions: "0440" | "0644" | "0755";
  readonly content: string;
}

/** Where each of the package's own files goes, unchanged. */
const units = "/etc/systemd/system";
const lib = "/usr/local/lib/desk";
const constantFiles = [
  ["broker/nginx.conf", "/etc/desk/broker/nginx.conf", "0644"],
  ["broker/desk-broker.service", `${units}/desk-broker.service`, "0644"],
  ["broker/write-resolver", `${lib}/write-resolver`, "0755"],
  ["agent/desk-agent.service", `${units}/desk-agent.service`, "0644"],
  ["agent/wait-ready", `${lib}/wait-ready`, "0755"],
  ["install/install", `${lib}/install`, "0755"],
  ["install/desk-install.service", `${units}/desk-install.service`, "0644"],
  ["install/desk-install.timer", `${units}/desk-install.timer`, "0644"],
  ["system/firewall.nft", "/etc/desk/firewall.nft", "0644"],
  ["system/desk-firewall.service", `${units}/desk-firewall.service`, "0644"],
  ["system/sysctl.conf", "/etc/sysctl.d/90-desk.conf", "0644"],
  ["system/auto-upgrades.conf", "/etc/apt/apt.conf.d/20auto-upgrades", "0644"],
  ["system/enable", `${lib}/enable`, "0755"],
  ["system/desk-prepare.service", `${units}/desk-prepare.service`, "0644"],
  ["system/prepare", `${lib}/prepare`, "0755"],
  ["system/desk-scrub.service", `${units}/desk-scrub.service`, "0644"],
  ["system/scrub", `${lib}/scrub`, "0755"],
  ["system/desk-status", "/usr/local/sbin/desk-status", "0755"],
] as const;
const accessFiles = [
  ["access/desk-command", `${lib}/desk-command`, "0755"],
  ["access/logs", `${lib}/logs`, "0755"],
  ["access/sudoers", "/etc/sudoers.d/desk", "0440"],
] as const;

/** All files of a desk's guest but its secrets. Pure: equal settings give equal bytes. */
export function guestFiles(settings: DeskSettings): GuestFile[] {
  const constant = [...constantFiles, ...(settings.ssh === undefined ? [] : accessFiles)];
  const broker = slotsOf(settings).flatMap((slot) => Object.entries(brokerFiles(slot)));
  const memory = memoryConfig(settings);
  return [
    plain("/etc/desk/settings.json", json(guestSettings(settings))),
    plain("/etc/desk/install.conf", installConfig(settings)),
    plain("/etc/desk/agent/openclaw.json", json(openclawConfig(settings))),
    ...(memory === undefined ? [] : [plain("/etc/desk/agent/memory.json", json(memory))]),
    ...broker.map(([path, content]) => plain(`/etc/desk/broker/${path}`, content)),
    plain("/etc/ssh/sshd_config.d/10-desk.conf", sshdConfig(settings)),
    ...constant.map(([from, path, permissions]) => ({
      path,
      permissions,
      content: withoutComments(readAsset(`guest/${from}`)),
    })),
  ];
}

/** Of these, what installs: it makes prebaked images, too. */
export function installFiles(settings: DeskSettings): GuestFile[] {
  const paths = ["/etc/desk/install.conf", `${lib}/install`];
  return guestFiles(settings).filter(({ path }) => paths.includes(path));
}

/** What `install` reads. A shell reads it, too, so the values have been checked for quotes. */
function installConfig({ agent, embeddings }: Pick<DeskSettings, "agent" | "embeddings">) {
  return fillIn("guest/install/install.conf", {
    registry: agent.registry,
    openclawVersion: agent.version,
    memory: embeddings === undefined ? "no" : "yes",
    packages: agent.packages.join(" "),
  });
}

/**
 * User data is limited, and comments, Python's docstrings and empty lines are in the package for who
 * wants to read them.
 */
function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*"""[^"]*"""\n/gm, "").replaceAll(/^[ \t]*(?:#(?!!).*)?\n/gm, "");
}

function plain(path: string, content: string): GuestFile {
  return { path, permissions: "0644", content };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** What desk-status needs to know. */
function guestSettings(settings: DeskSettings): object {
  const { hostname, provider, embeddings } = settings;
  return {
    guestVersion,
    hostname,
    provider: {
      name: provider.name,
      model: provider.model,
      fallbackModels: provider.fallbackModels,
    },
    embeddings: embeddings && {
      provider: embeddings.provider,
      model: embeddings.model,
      dimensions: embeddings.dimensions,
    },
    keyChecks: Object.fromEntries(
      slotsOf(settings).map(([slot, { keyCheck }]) => [slot, { refused: keyCheck.refused }]),
    ),
  };
}

function sshdConfig({ ssh }: DeskSettings): string {
  const port = ssh === undefined ? [] : [`Port ${ssh.port}`];
  const root = ssh?.rootLogin ? "prohibit-password" : "no";
  return [
    ...port,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    `PermitRootLogin ${root}`,
    // The agent's home is its own, and could hold authorized keys: from a login it would come out of the
    // limits of its unit. Everything after Match is for that user alone.
    "DenyUsers agent desk-broker desk-install",
    "Match User desk",
    "AllowTcpForwarding local",
    "AllowStreamLocalForwarding no",
    "",
  ].join("\n");
}
