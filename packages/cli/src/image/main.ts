import { parseArgs } from "node:util";
import { createCloudApi } from "../cloud-api.ts";
import { buildImage } from "./build.ts";

const usage =
  "HCLOUD_TOKEN=... npm run image [-- --server-type cx23] [--location fsn1] [--registry URL]";
const vendor = "https://api.hetzner.cloud/v1";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let values: { "server-type": string; location: string; registry?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        "server-type": { type: "string", default: "cx23" },
        location: { type: "string", default: "fsn1" },
        registry: { type: "string" },
      },
    }));
  } catch (error) {
    process.stderr.write(`image: ${(error as Error).message}. Usage: ${usage}\n`);
    return 2;
  }
  const token = process.env.HCLOUD_TOKEN;
  if (!token) {
    process.stderr.write(`image: HCLOUD_TOKEN is not set. Usage: ${usage}\n`);
    return 2;
  }
  const api = createCloudApi(process.env.HCLOUD_ENDPOINT ?? vendor, token);
  const say = (line: string) => void process.stderr.write(`image: ${line}\n`);
  try {
    const { "server-type": serverType, location, registry } = values;
    const image = await buildImage({ api, serverType, location, registry, say });
    say(`use it with: pulumi config set bureau:image ${image}`);
    process.stdout.write(`${image}\n`);
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
