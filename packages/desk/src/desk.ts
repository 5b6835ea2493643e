import type * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { DeskArgs } from "./args.ts";
import {
  attachVolume,
  createAddress,
  createFirewall,
  createGatewayToken,
  createHostKeySecret,
  createServer,
  createVolume,
  type DeskContext,
  publicHostKey,
} from "./children.ts";
import { defaults, guestVersion } from "./defaults.ts";
import { environmentIssues } from "./environment.ts";
import { checkKnownArgs } from "./known-args.ts";
import { unknownModelWarning } from "./models.ts";
import { staysInPlace } from "./place.ts";
import { type ResolvedArgs, resolveArgs } from "./resolve.ts";
import { guardDebugLog } from "./sdk-debug.ts";
import type { OpenSettings } from "./settings.ts";
import { createUserData } from "./user-data.ts";

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
    const context: DeskContext = {
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
