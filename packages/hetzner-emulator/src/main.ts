import { parseArgs } from "node:util";
import { createEmulator, type Emulator, type EmulatorOptions, isLoopback } from "./emulator.ts";

const usage =
  "npm run emulator -- --port N [--host 127.0.0.1] [--state FILE] [--token T] [--actions instant|realistic]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: EmulatorOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`emulator: ${messageOf(error)}. Usage: ${usage}\n`);
    return 2;
  }
  let emulator: Emulator;
  try {
    emulator = await createEmulator(options);
  } catch (error) {
    process.stderr.write(`emulator: ${messageOf(error)}\n`);
    return 1;
  }
  process.stdout.write(`Hetzner emulator: ${emulator.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  await emulator.close();
  return 0;
}

function readOptions(args: string[]): EmulatorOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      state: { type: "string" },
      token: { type: "string" },
      actions: { type: "string", default: "instant" },
    },
  });
  const { port, host, state, token, actions } = values;
  if (port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error("--port must be a number from 0 to 65535; 0 picks a free one");
  }
  if (actions !== "instant" && actions !== "realistic")
    throw new Error("--actions is instant or realistic");
  if (host !== undefined && !isLoopback(host)) {
    throw new Error(`--host must be a loopback address, and ${host} is none`);
  }
  if (token === "") throw new Error("--token must not be empty");
  return {
    port: Number(port),
    actions,
    ...(host === undefined ? {} : { host }),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(token === undefined ? {} : { token }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
