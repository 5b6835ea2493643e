import { stringify } from "yaml";
import { guestFiles } from "./guest-files.ts";
import { hostKey } from "./host-key.ts";
import type { DeskSettings } from "./settings.ts";

/** Settings and what exists only once the stack's other resources do. */
export interface UserDataInput {
  readonly settings: DeskSettings;
  readonly volumeId: string;
  readonly gatewayToken: string;
  /** What the SSH host key is derived from. */
  readonly hostKeySecret: string;
}

/** Integers, so that files on the volume have the same owner after the server was replaced. */
const agentUid = 2000;
const deskUid = 2001;
const secretsDir = "/etc/desk/secrets";
const enable = "/usr/local/lib/desk/enable";
const gatewayPort = 18789;

/**
 * Renders the desk's cloud-config. Pure: equal input gives equal bytes, because other bytes replace
 * the server. Every secret is a file of its own, 0600 root, and nowhere else in it.
 */
export function renderUserData(input: UserDataInput): string {
  const document = {
    users: users(input.settings),
    disable_root: input.settings.ssh?.rootLogin !== true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: hostKeys(input.hostKeySecret),
    bootcmd: [
      // Before write_files, which would make the folder readable for all.
      ["install", "-d", "-m", "0700", "-o", "root", "-g", "root", secretsDir],
      ["sh", "-c", startOver],
    ],
    write_files: [...secretFiles(input), ...guestFiles(input.settings), dataMount(input.volumeId)],
    runcmd: [[enable]],
  };
  // cloud-init reads YAML 1.1, where a bare 0600 or yes is no string.
  return `#cloud-config\n${stringify(document, { version: "1.1", lineWidth: 0 })}`;
}

/**
 * A later boot gets here only where the first one was cut before the scrub. cloud-init takes what it
 * had begun for done, though files may be missing or empty: it is made to do all of it again.
 */
const startOver =
  "rm -f /var/lib/cloud/instance/sem/config_*; sed -i '/ \\/srv\\/desk /d' /etc/fstab";

function users({ ssh }: DeskSettings) {
  const shared = { lock_passwd: true, no_create_home: true };
  const owners = ssh?.publicKeys ?? [];
  return [
    { name: "agent", uid: agentUid, homedir: "/srv/desk/home", shell: "/bin/bash", ...shared },
    { name: "desk-broker", system: true, shell: "/usr/sbin/nologin", ...shared },
    { name: "desk-install", system: true, shell: "/usr/sbin/nologin", ...shared },
    ...(ssh === undefined
      ? []
      : [
          {
            name: "desk",
            uid: deskUid,
            shell: "/bin/sh",
            lock_passwd: true,
            ssh_authorized_keys: owners.map((key) => `${deskKeyOptions} ${key}`),
          },
        ]),
    ...(ssh?.rootLogin ? [{ name: "root", ssh_authorized_keys: owners }] : []),
  ];
}

/** A tunnel to the gateway and one program, whatever the client asks for. */
const deskKeyOptions = [
  "restrict",
  "port-forwarding",
  `permitopen="127.0.0.1:${gatewayPort}"`,
  'command="/usr/local/lib/desk/desk-command"',
].join(",");

function hostKeys(secret: string) {
  const { privateKey, publicKey } = hostKey(secret);
  return { ed25519_private: privateKey, ed25519_public: publicKey };
}

function secretFiles({ settings, gatewayToken }: UserDataInput) {
  const secret = (name: string, value: string) => ({
    path: `${secretsDir}/${name}`,
    owner: "root:root",
    permissions: "0600",
    encoding: "b64",
    content: Buffer.from(value).toString("base64"),
  });
  return [
    secret("provider-key", settings.provider.apiKey),
    ...(settings.embeddings === undefined
      ? []
      : [secret("embeddings-key", settings.embeddings.apiKey)]),
    secret("gateway-token", gatewayToken),
  ];
}

/** The volume is attached after the first boot has begun, so its mount waits for it, in seconds. */
const mountOptions =
  "discard,nofail,nosuid,nodev,x-systemd.makefs,x-systemd.growfs,x-systemd.device-timeout=180";

/**
 * makefs formats an empty volume and no other; fs_setup could format one with data on it. growfs takes
 * up at the next boot what the volume has grown by.
 */
function dataMount(volumeId: string) {
  return {
    path: "/etc/fstab",
    append: true,
    content: `/dev/disk/by-id/scsi-0HC_Volume_${volumeId} /srv/desk ext4 ${mountOptions} 0 2\n`,
  };
}
