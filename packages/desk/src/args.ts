import type { Input } from "@pulumi/pulumi";
import type { EmbeddingsProviderName, ProviderName } from "./providers.ts";

/** Whose model the agent talks to, and with which key. */
export interface ProviderArgs {
  readonly name: Input<ProviderName>;
  /** The owner's API key. Always treated as a secret, whether or not it is marked as one. */
  readonly apiKey: Input<string>;
  /**
   * The vendor's own id of the model, e.g. `claude-sonnet-5-5`; for OpenRouter `vendor/model`.
   * An id that models.json does not know is a warning.
   * @default - the provider's default model
   */
  readonly model?: Input<string | undefined>;
  /**
   * Ids of models that are tried in this order when the first one fails.
   * @default - none
   */
  readonly fallbackModels?: Input<readonly Input<string>[] | undefined>;
}

/** Long-term memory: embeddings that are stored on the desk. */
export interface EmbeddingsArgs {
  readonly provider: Input<EmbeddingsProviderName>;
  /**
   * Treated as a secret, as the chat key is.
   * @default - the chat key, where both are of one provider; else it is required
   */
  readonly apiKey?: Input<string | undefined>;
  /** The vendor's own id of the embedding model, e.g. `text-embedding-3-small`. */
  readonly model: Input<string>;
  /**
   * Numbers in one embedding. Needed for a model whose native dimensions are not known here.
   * @default - the model's native dimensions
   */
  readonly dimensions?: Input<number | undefined>;
}

/** The volume that outlives the VM. */
export interface DataArgs {
  /**
   * Size in GB (10 to 10240). It can grow, never shrink.
   * @default 20
   */
  readonly sizeGb?: Input<number | undefined>;
  /**
   * Keeps volume and addresses from being deleted or replaced: the engine refuses it in preview.
   * @default true
   */
  readonly protect?: boolean | undefined;
  /**
   * Id of an existing volume in the desk's location that this stack takes over. While it is set, the
   * volume keeps the name, labels and size that it has.
   * @default - a new volume is made
   */
  readonly volumeId?: number | undefined;
}

export interface SshAccessArgs {
  /** The owner's public keys, as in authorized_keys, without options. At least one. */
  readonly publicKeys: Input<readonly Input<string>[]>;
  /**
   * Networks that may connect, in canonical CIDR form. `0.0.0.0/0` and `::/0` open it to the world
   * and must be written out.
   */
  readonly allowFrom: Input<readonly Input<string>[]>;
  /** @default 22 */
  readonly port?: Input<number | undefined>;
  /**
   * Lets the same keys open a root shell. Root can read the API key.
   * @default false
   */
  readonly rootLogin?: Input<boolean | undefined>;
}

/** Who may reach the desk. */
export interface AccessArgs {
  readonly ssh: SshAccessArgs;
}

/** The software that runs on the desk. */
export interface AgentArgs {
  /**
   * Version of OpenClaw, exact.
   * @default - the version that this release of the library was tested with
   */
  readonly version?: Input<string | undefined>;
  /**
   * The npm registry that it is installed from, https, without user or password in it.
   * @default - npm's own default registry
   */
  readonly registry?: Input<string | undefined>;
  /**
   * Debian packages that the agent may need.
   * @default - none
   */
  readonly packages?: Input<readonly Input<string>[] | undefined>;
}

/** Integers; raising one makes the value anew. */
export interface RotationArgs {
  /** @default 0 */
  readonly gatewayToken?: Input<number | undefined>;
  /** @default 0 */
  readonly sshHostKey?: Input<number | undefined>;
}

/** How the key reaches the VM. `ssh` is not there yet and is refused. */
export const Delivery = { CloudInit: "cloud-init", Ssh: "ssh" } as const;
export type Delivery = (typeof Delivery)[keyof typeof Delivery];

/** What a desk is. */
export interface DeskArgs {
  readonly provider: ProviderArgs;
  /** @default - no memory */
  readonly embeddings?: EmbeddingsArgs | undefined;
  /**
   * Name of the server, in the cloud and in itself; other resources are named after it.
   * @default - the resource's name
   */
  readonly hostname?: Input<string | undefined>;
  /**
   * Hetzner server type.
   * @default "cx23"
   */
  readonly serverType?: Input<string | undefined>;
  /**
   * Hetzner location.
   * @default "fsn1"
   */
  readonly location?: Input<string | undefined>;
  /**
   * Name or id of a Debian 13 image.
   * @default "debian-13"
   */
  readonly image?: Input<string | undefined>;
  /** @default - 20 GB, protected */
  readonly data?: DataArgs | undefined;
  /** @default - no TCP or UDP comes in */
  readonly access?: AccessArgs | undefined;
  /** @default "cloud-init" */
  readonly delivery?: Input<Delivery | undefined>;
  /** @default - pinned versions */
  readonly agent?: AgentArgs | undefined;
  /** @default - nothing is rotated */
  readonly rotation?: RotationArgs | undefined;
  /**
   * How long ssh delivery waits for the agent, in seconds (30 to 3600).
   * @default 900
   */
  readonly readyTimeoutSeconds?: Input<number | undefined>;
  /**
   * Accepts server types and locations that the library's list does not have.
   * @default false
   */
  readonly allowUnlisted?: Input<boolean | undefined>;
  /**
   * Labels of every resource in the cloud, beside `bureau-desk` and `bureau-stack`.
   * @default - none
   */
  readonly labels?: Input<Readonly<Record<string, Input<string>>> | undefined>;
}
