import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import { DeskInputError } from "./errors.ts";
import type { OpenSettings } from "./settings.ts";

/**
 * The image, once it is sure that it fits the server. A name stands for an image of each
 * architecture; an id stands for one, and a server of the other would fail only after everything
 * else was made.
 */
export async function fittingImage(
  { hostname, image, architecture, serverType }: OpenSettings,
  opts: pulumi.InvokeOptions,
): Promise<string> {
  if (!/^\d+$/.test(image)) return image;
  const found = await hcloud.getImage({ id: Number(image) }, opts);
  if (found.architecture === architecture) return image;
  throw new DeskInputError(hostname, [
    {
      path: ["image"],
      rule: `is made for ${found.architecture}, and ${serverType} is a server type of ${architecture}`,
      remedy: `Use an image of ${architecture}, or a server type of ${found.architecture}.`,
    },
  ]);
}
