import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DeskArgs } from "./args.ts";
import type { CloudinitConfig } from "./cloudinit-config.ts";
import { defaults, guestVersion } from "./defaults.ts";
import { environmentIssues } from "./environment.ts";
import { firewallRules } from "./firewall.ts";
import { hostKey } from "./host-key.ts";
import { fittingImage } from "./image.ts";
import { checkKnownArgs } from "./known-args.ts";
import { unknownModelWarning } from "./models.ts";
import { staysInPlace } from "./place.ts";
import { type ResolvedArgs, resolveArgs } from "./resolve.ts";
import { guardDebugLog } from "./sdk-debug.ts";
import type { OpenSettings } from "./settings.ts";
import { createUserData } from "./user-data.ts";
import { createDataVolume } from "./volume.ts";

export const DESK_TYPE = "bureau:index:Desk";

/**
 * A computer of its own for one AI agent: a Hetzner Cloud VM with a data volume, two addresses and a
 * firewall, and its owner's API key delivered into it as a secret.
 *
 * Creates two RandomPasswords (gateway token, secret of the SSH host key), two PrimaryIps, a
 * Volume, a Firewall, a cloud-init Config, a Server and a VolumeAttachment. In the cloud they are
 * named after the hostname, so a second desk of that name stops instead of doubling. A month costs
 * about what the server type costs, plus an IPv4 address and the volume; also while it is powered off.
 *
 * @throws DeskInputError with every problem of the args at once, in preview.
 * @example
 * new Desk("alice", { provider: { name: "anthropic", apiKey: config.requireSecret("key") } });
 */
export class Desk extends pulumi.ComponentResource {
  /** Public address; it stays when the server is replaced. */
  declare readonly ipv4Address: pulumi.Output<string>;
  /** The first address of the desk's /64, which is the server's. */
  declare readonly ipv6Address: pulumi.Output<string>;
  /** Token of the agent's gateway. A secret. */
  declare readonly gatewayToken: pulumi.Output<string>;
  /** Public half of the host key that the first connection can be checked against. */
  declare readonly sshHostKey: pulumi.Output<string>;
  /** Eight hex digits that change with the API key and tell nothing of it. */
  declare readonly fingerprint: pulumi.Output<string>;
  declare readonly provider: pulumi.Output<string>;
  declare readonly model: pulumi.Output<string>;
  declare readonly server: hcloud.Server;
  declare readonly volume: hcloud.Volume;

  constructor(name: string, args: DeskArgs, opts: pulumi.ComponentResourceOptions = {}) {
    guardDebugLog();
    checkKnownArgs(name, args, environmentIssues());
    const resolved = resolveArgs(name, args);
    super(
      DESK_TYPE,
      name,
      recordedInputs(args, resolved),
      pulumi.mergeOptions(opts, { hooks: { beforeUpdate: [staysInPlace(name)] } }),
    );

    const { open, settings } = resolved;
    const context: Context = {
      name,
      open,
      protect: args.data?.protect ?? defaults.dataProtect,
      parent: this,
    };
    const gatewayToken = createGatewayToken(context);
    const hostKeySecret = createHostKeySecret(context);
    const ipv4 = createAddress(context, "ipv4", open.location);
    // All stand where the first one stands: so the engine knows that a new location replaces them all,
    // and deletes in one order: the server, which holds the others, first.
    const { location } = ipv4;
    const ipv6 = createAddress(context, "ipv6", location);
    const volume = createVolume(context, location, args.data?.volumeId);
    const firewall = createFirewall(context);
    const userData = createUserData(
      `${name}-user-data`,
      {
        settings,
        volumeId: volume.id,
        gatewayToken: gatewayToken.result,
        hostKeySecret: hostKeySecret.result,
      },
      { parent: this },
    );
    const server = createServer(context, { ipv4, ipv6, firewall, userData });
    attachVolume(context, volume, server);

    this.ipv4Address = ipv4.ipAddress;
    // The API answers the network of an IPv6 address, 2001:db8:1:2::, and the server has its first one.
    this.ipv6Address = ipv6.ipAddress.apply((network) => `${network}1`);
    this.gatewayToken = pulumi.secret(gatewayToken.result);
    this.sshHostKey = publicHostKey(hostKeySecret);
    this.fingerprint = resolved.fingerprint;
    this.provider = open.apply(({ provider }) => provider.name);
    this.model = open.apply(({ provider }) => provider.model);
    this.server = server;
    this.volume = volume;
    this.registerOutputs({
      ipv4Address: this.ipv4Address,
      ipv6Address: this.ipv6Address,
      sshHostKey: this.sshHostKey,
      fingerprint: this.fingerprint,
      provider: this.provider,
      model: this.model,
    });
    warn(this, args, open);
  }
}

/** What the functions below need to make a child. */
interface Context {
  readonly name: string;
  readonly open: pulumi.Output<OpenSettings>;
  readonly protect: boolean;
  readonly parent: pulumi.Resource;
}

/** What the engine records of the desk and shows in a preview: models in plain, keys as [secret]. */
function recordedInputs(args: DeskArgs, { provider, embeddings, open, ...resolved }: ResolvedArgs) {
  return {
    ...args,
    provider: {
      ...provider,
      model: open.apply((settings) => settings.provider.model),
      fingerprint: resolved.fingerprint,
    },
    ...(embeddings === undefined
      ? {}
      : { embeddings: { ...embeddings, fingerprint: resolved.embeddingsFingerprint } }),
    guestVersion,
  };
}

function createGatewayToken({ name, open, parent }: Context): random.RandomPassword {
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
function createHostKeySecret({ name, open, parent }: Context): random.RandomPassword {
  const keepers = open.apply(({ rotation }) => ({ rotation: String(rotation.sshHostKey) }));
  return new random.RandomPassword(
    `${name}-ssh-host-key`,
    { length: 43, special: false, keepers },
    { parent },
  );
}

/** Public by its nature, and wanted in plain by every known_hosts file; only its secret half is one. */
function publicHostKey(secret: random.RandomPassword): pulumi.Output<string> {
  return pulumi.unsecret(secret.result.apply((value) => hostKey(value).publicKey));
}

function labels({ open }: Context): pulumi.Output<Record<string, string>> {
  return open.apply(
    (settings): Record<string, string> => ({
      ...settings.labels,
      "bureau-desk": settings.hostname,
      "bureau-stack": pulumi.getStack(),
    }),
  );
}

function createAddress(
  context: Context,
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

function createVolume(
  context: Context,
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

function createFirewall(context: Context): hcloud.Firewall {
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

function createServer(
  context: Context,
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

function attachVolume(
  { name, parent }: Context,
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

function warn(desk: Desk, args: DeskArgs, open: pulumi.Output<OpenSettings>): void {
  open.apply(async ({ hostname, provider }) => {
    for (const model of [provider.model, ...provider.fallbackModels]) {
      const warning = unknownModelWarning(provider.name, model);
      if (warning !== undefined) await pulumi.log.warn(`desk "${hostname}": ${warning}`, desk);
    }
    if (args.access === undefined) {
      await pulumi.log.warn(
        `desk "${hostname}": nothing can reach it, because access.ssh is not set. Set its publicKeys and allowFrom.`,
        desk,
      );
    }
  });
}
