import { z } from "zod";

const configSchema = z.record(z.string(), z.looseObject({ value: z.string().optional() }));

/** Where the provider of this stack finds its cloud: the stack's config first, then the environment. */
export function readCloudAccess(
  config: string,
  env: NodeJS.ProcessEnv,
): { url: string; token: string } {
  const values = configSchema.parse(JSON.parse(config));
  const token = values["hcloud:token"]?.value ?? env.HCLOUD_TOKEN;
  if (!token) {
    throw new Error(
      "no token: set it with `pulumi config set --secret hcloud:token` or as HCLOUD_TOKEN",
    );
  }
  const url =
    values["hcloud:endpoint"]?.value ?? env.HCLOUD_ENDPOINT ?? "https://api.hetzner.cloud/v1";
  return { url: url.replace(/\/+$/, ""), token };
}

/** What the stack's config names the desk; undefined where it leaves that to the stack's name. */
export function readHostname(config: string): string | undefined {
  return configSchema.parse(JSON.parse(config))["bureau:hostname"]?.value;
}
