import * as pulumi from "@pulumi/pulumi";

export interface CloudinitPart {
  readonly content: pulumi.Input<string>;
  readonly contentType: string;
  readonly filename: string;
}

export interface CloudinitConfigArgs {
  readonly gzip: boolean;
  readonly base64Encode: boolean;
  readonly boundary: string;
  readonly parts: readonly CloudinitPart[];
}

/**
 * The resource `cloudinit:index/config:Config`, whose npm package is not needed for one class. Its
 * `rendered` holds every part again and is NOT secret of itself: the bridge restores secrecy only on
 * an output that has the name of a secret input, so it is made secret here, for every user.
 *
 * Its id is a CRC-32 of the text, in plain; that cannot be helped and gives nothing back.
 */
export class CloudinitConfig extends pulumi.CustomResource {
  declare readonly rendered: pulumi.Output<string>;

  constructor(name: string, args: CloudinitConfigArgs, opts: pulumi.CustomResourceOptions) {
    super(
      "cloudinit:index/config:Config",
      name,
      { ...args, rendered: undefined },
      pulumi.mergeOptions(opts, { version: "1.6.1", additionalSecretOutputs: ["rendered"] }),
    );
  }
}
