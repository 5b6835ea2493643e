import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { z } from "zod";
import { createFakeProvider, onlyKeys } from "./fake-provider.ts";

const usage =
  'npm run fake-provider -- --port N [--ca-file FILE] < KEYS, as {"keys":[{"provider":"openai","key":"..."}]}';
const keysSchema = z.object({
  keys: z.array(
    z.object({ provider: z.enum(["anthropic", "openai", "openrouter"]), key: z.string().min(1) }),
  ),
});

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let port: number;
  let caFile: string | undefined;
  let keys: z.output<typeof keysSchema>["keys"];
  try {
    const options = { port: { type: "string" }, "ca-file": { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    if (!/^\d{1,5}$/.test(values.port ?? "") || Number(values.port) > 65_535)
      throw new Error("--port must be a number from 0 to 65535; 0 picks a free one");
    port = Number(values.port);
    caFile = values["ca-file"];
    keys = readKeys(await text(process.stdin));
  } catch (error) {
    process.stderr.write(`fake-provider: ${(error as Error).message}. Usage: ${usage}\n`);
    return 2;
  }
  const provider = await createFakeProvider({ port, accepts: onlyKeys(keys) });
  if (caFile !== undefined) writeFileSync(caFile, provider.ca);
  process.stdout.write(`fake provider (test double): 127.0.0.1:${provider.port}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  await provider.close();
  return 0;
}

/** Without the input in the error, which may hold a key. */
function readKeys(input: string): z.output<typeof keysSchema>["keys"] {
  try {
    return keysSchema.parse(JSON.parse(input)).keys;
  } catch {
    throw new Error("stdin holds no keys");
  }
}
