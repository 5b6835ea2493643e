import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { CloudinitConfig } from "./cloudinit-config.ts";
import { firewallRules } from "./firewall.ts";
import { hostKey } from "./host-key.ts";
import { fittingImage } from "./image.ts";
import type { OpenSettings } from "./settings.ts";
import { createDataVolume } from "./volume.ts";

/** What every child of a desk is made from. */
export interface DeskContext {
  readonly name: string;
  readonly open: pulumi.Output<OpenSettings>;
  readonly protect: boolean;
  readonly parent: pulumi.Resource;
}

export function createGatewayToken({ name, open, parent }: DeskContext): random.RandomPassword {
  const keepers = open.apply(({ rotation }) => ({ rotation: String(rotation.gatewayToken) }));
  // 43 characters of 62: 256 bits.
  return new random.RandomPassword(
    `${name}-gateway-token`,
    { length: 43, special: false, keepers },
    { parent },
  );
}

/**
 * What the SSH host key is derived from. A RandomPassword and no RandomBytes, whose id, which no
 * engine encrypts, is the secret itself.
 */
export function createHostKeySecret({ name, open, parent }: DeskContext): random.RandomPassword {
  const keepers = open.apply(({ rotation }) => ({ rotation: String(rotation.sshHostKey) }));
  return new random.RandomPassword(
    `${name}-ssh-host-key`,
    { length: 43, special: false, keepers },
    { parent },
  );
}

/** Public by its nature, and wanted in plain by every known_hosts file; only its secret half is one. */
export function publicHostKey(secret: random.RandomPassword): pulumi.Output<string> {
  return pulumi.unsecret(secret.result.apply((value) => hostKey(value).publicKey));
}

function labels({ open }: DeskContext): pulumi.Output<Record<string, string>> {
  return open.apply(
    (settings): Record<string, string> => ({
      ...settings.labels,
      "bureau-desk": settings.hostname,
      "bureau-stack": pulumi.getStack(),
    }),
  );
}

export function createAddress(
  context: DeskContext,
  type: "ipv4" | "ipv6",
  location: pulumi.Output<string>,
): hcloud.PrimaryIp {
  const { name, open, parent, protect } = context;
  return new hcloud.PrimaryIp(
    `${name}-${type}`,
    {
      name: open.apply(({ hostname }) => `${hostname}-${type}`),
      type,
      location,
      assigneeType: "server",
      autoDelete: false,
      labels: labels(context),
    },
    // The API answers "unassigned" while no server has it; the next up would see a change.
    { parent, protect, deleteBeforeReplace: true, ignoreChanges: ["assigneeType"] },
  );
}

export function createVolume(
  context: DeskContext,
  location: pulumi.Output<string>,
  volumeId: number | undefined,
): hcloud.Volume {
  const { name, open, parent, protect } = context;
  return createDataVolume(
    `${name}-data`,
    {
      name: open.apply(({ hostname }) => `${hostname}-data`),
      sizeGb: open.apply(({ data }) => data.sizeGb),
      location,
      labels: labels(context),
      volumeId,
    },
    { parent, protect, deleteBeforeReplace: true },
  );
}

export function createFirewall(context: DeskContext): hcloud.Firewall {
  const { name, open, parent } = context;
  return new hcloud.Firewall(
    `${name}-firewall`,
    {
      name: open.apply(({ hostname }) => `${hostname}-firewall`),
      rules: open.apply(firewallRules),
      labels: labels(context),
    },
    { parent, deleteBeforeReplace: true },
  );
}

interface ServerParts {
  readonly ipv4: hcloud.PrimaryIp;
  readonly ipv6: hcloud.PrimaryIp;
  readonly firewall: hcloud.Firewall;
  readonly userData: CloudinitConfig;
}

export function createServer(
  context: DeskContext,
  { ipv4, ipv6, firewall, userData }: ServerParts,
): hcloud.Server {
  const { name, open, parent } = context;
  return new hcloud.Server(
    `${name}-server`,
    {
      name: open.hostname,
      serverType: open.serverType,
      image: open.apply((settings) => fittingImage(settings, { parent })),
      location: ipv4.location,
      labels: labels(context),
      // Only these filter the first boot; a FirewallAttachment comes after it.
      firewallIds: [firewall.id.apply(Number)],
      publicNets: [
        {
          ipv4Enabled: true,
          ipv4: ipv4.id.apply(Number),
          ipv6Enabled: true,
          ipv6: ipv6.id.apply(Number),
        },
      ],
      // The second lock, should the first one in CloudinitConfig ever be dropped.
      userData: pulumi.secret(userData.rendered),
      shutdownBeforeDeletion: true,
      // A disk that has grown can never go back to a smaller type.
      keepDisk: true,
    },
    {
      parent,
      deleteBeforeReplace: true,
      // A server cannot be rescaled from x86 to ARM or back.
      replacementTrigger: open.architecture,
    },
  );
}

export function attachVolume(
  { name, parent }: DeskContext,
  volume: hcloud.Volume,
  server: hcloud.Server,
): void {
  new hcloud.VolumeAttachment(
    `${name}-attachment`,
    { volumeId: volume.id.apply(Number), serverId: server.id.apply(Number), automount: false },
    // Deleting the server detaches the disk; it is never pulled from a running one.
    { parent, deleteBeforeReplace: true, retainOnDelete: true },
  );
}
