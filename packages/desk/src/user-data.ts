import * as pulumi from "@pulumi/pulumi";
import { renderUserData } from "./cloud-config.ts";
import { CloudinitConfig, type CloudinitPart } from "./cloudinit-config.ts";
import type { DeskSettings } from "./settings.ts";
import { packedSize, userDataLimit } from "./user-data-size.ts";

/** Nothing is escaped between parts, so a text that holds it would be cut in two. */
const boundary = "bureau-desk-user-data";

export interface UserDataArgs {
  readonly settings: pulumi.Output<DeskSettings>;
  readonly volumeId: pulumi.Input<string>;
  readonly gatewayToken: pulumi.Input<string>;
  readonly hostKeySecret: pulumi.Input<string>;
}

/** The desk's user data as a resource of its own, so that a preview tells it from the server's other changes. */
export function createUserData(
  name: string,
  { settings, volumeId, gatewayToken, hostKeySecret }: UserDataArgs,
  opts: pulumi.CustomResourceOptions,
): CloudinitConfig {
  const content = pulumi.secret(
    pulumi
      .all([settings, volumeId, gatewayToken, hostKeySecret])
      .apply(([known, volume, token, hostKey]) =>
        checked(
          renderUserData({
            settings: known,
            volumeId: volume,
            gatewayToken: token,
            hostKeySecret: hostKey,
          }),
        ),
      ),
  );
  const part: CloudinitPart = { content, contentType: "text/cloud-config", filename: "desk.yaml" };
  return new CloudinitConfig(
    name,
    { gzip: true, base64Encode: true, boundary, parts: [part] },
    opts,
  );
}

/** Both were made sure of before; here they are programmer errors. */
export function checked(text: string): string {
  if (text.includes(boundary)) throw new Error("the user data holds its own MIME boundary");
  const size = packedSize(text);
  if (size > userDataLimit)
    throw new Error(`the user data is ${size} bytes as it is sent; the limit is ${userDataLimit}`);
  return text;
}
