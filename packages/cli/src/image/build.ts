import { randomBytes } from "node:crypto";
import { parseSettings, renderImageUserData } from "@bureau/desk";
import { z } from "zod";
import { type CloudApi, until } from "../cloud-api.ts";

export interface ImageOptions {
  readonly api: CloudApi;
  readonly registry: string | undefined;
  readonly serverType: string;
  readonly location: string;
  readonly say: (line: string) => void;
}

/** What marks a prebaked image, with the version of OpenClaw that is in it. */
const imageLabel = "bureau-image";

const minute = 60_000;
const installMs = 30 * minute;
const imageMs = 30 * minute;

const serverSchema = z.object({ server: z.object({ id: z.int(), status: z.string() }) });
const imageSchema = z.object({ image: z.object({ id: z.int(), status: z.string() }) });

/**
 * Makes a snapshot with what a desk would install at its first boot: from a server that installs it,
 * by the same script, and is deleted afterwards whatever comes of it.
 *
 * @returns the image's id.
 * @throws Error when the install or the snapshot does not come to its end within half an hour each.
 */
export async function buildImage(options: ImageOptions): Promise<number> {
  const { api, serverType, location, say } = options;
  const settings = imageSettings(options.registry);
  const name = `bureau-image-${randomBytes(4).toString("hex")}`;
  const created = await api("POST", "/servers", {
    name,
    server_type: serverType,
    location,
    image: settings.image,
    labels: { [imageLabel]: "building" },
    user_data: renderImageUserData(settings),
  });
  const { id } = serverSchema.parse(created).server;
  say(`server ${name} installs OpenClaw ${settings.agent.version}; takes some minutes`);
  try {
    const isOff = async () =>
      serverSchema.parse(await api("GET", `/servers/${id}`)).server.status === "off";
    if (!(await until(installMs, isOff)))
      throw new Error(`server ${name} did not finish its install within half an hour`);
    say("making the snapshot");
    const started = await api("POST", `/servers/${id}/actions/create_image`, {
      type: "snapshot",
      description: `bureau: Debian 13 with OpenClaw ${settings.agent.version}`,
      labels: { [imageLabel]: settings.agent.version },
    });
    const image = imageSchema.parse(started).image.id;
    const isThere = async () =>
      imageSchema.parse(await api("GET", `/images/${image}`)).image.status === "available";
    if (!(await until(imageMs, isThere)))
      throw new Error(`image ${image} was not there within half an hour`);
    return image;
  } finally {
    await api("DELETE", `/servers/${id}`);
  }
}

/** A desk with every default, and memory; what is installed depends on no key. */
function imageSettings(registry: string | undefined) {
  return parseSettings("bureau-image", {
    provider: { name: "openai", apiKey: "sk-only-so-that-settings-parse" },
    embeddings: { provider: "openai", model: "text-embedding-3-small" },
    ...(registry === undefined ? {} : { agent: { registry } }),
  });
}
