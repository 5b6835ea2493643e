import { parseArgs } from "node:util";
import { guestImage } from "./guest-image.ts";
import { whyNoImages } from "./tools.ts";

const usage = "npm run guest-image [-- --prebaked] [--vm] [--registry URL]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let values: { prebaked?: boolean; vm?: boolean; registry?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        prebaked: { type: "boolean" },
        vm: { type: "boolean" },
        registry: { type: "string" },
      },
    }));
  } catch (error) {
    process.stderr.write(`guest-image: ${(error as Error).message}. Usage: ${usage}\n`);
    return 2;
  }
  const reason = whyNoImages();
  if (reason !== undefined) {
    process.stderr.write(`guest-image: ${reason}\n`);
    return 1;
  }
  const say = (line: string) => void process.stderr.write(`guest-image: ${line}\n`);
  try {
    process.stdout.write(`${await guestImage({ ...values, say })}\n`);
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
