import { parseArgs } from "node:util";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";
import { isLoopback } from "./loopback.ts";
import { nspawnMachines } from "./machines/nspawn.ts";
import { qemuMachines } from "./machines/qemu.ts";
import { whyNot } from "./machines/requirements.ts";
import { readWorld } from "./machines/world.ts";
import type { Machines } from "./machines.ts";

const usage =
  "npm run emulator -- --port N [--host 127.0.0.1] [--state FILE] [--token T] [--actions instant|realistic]" +
  " [--machines none|nspawn|qemu --image DIR [--world FILE] [--machines-dir DIR] [--volume-at PATH]]";

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
      machines: { type: "string", default: "none" },
      image: { type: "string" },
      world: { type: "string" },
      "machines-dir": { type: "string" },
      "volume-at": { type: "string" },
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
  const machines = readMachines(values);
  return {
    port: Number(port),
    actions,
    ...(machines === undefined ? {} : { machines }),
    ...(host === undefined ? {} : { host }),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(token === undefined ? {} : { token }),
  };
}

interface MachineFlags {
  readonly machines: string;
  readonly image?: string | undefined;
  readonly world?: string | undefined;
  readonly "machines-dir"?: string | undefined;
  readonly "volume-at"?: string | undefined;
}

function readMachines(flags: MachineFlags): Machines | undefined {
  const { machines, image, world, "machines-dir": dir, "volume-at": volumeAt } = flags;
  if (machines === "none") return undefined;
  if (machines !== "nspawn" && machines !== "qemu")
    throw new Error("--machines is none, nspawn or qemu");
  if (image === undefined)
    throw new Error(`--machines ${machines} needs --image, the folder of a guest image`);
  if (machines === "qemu" && volumeAt !== undefined)
    throw new Error("--volume-at is for nspawn; a virtual machine mounts its volumes itself");
  const surroundings = world === undefined ? undefined : readWorld(world);
  const reason = whyNot(machines, surroundings?.outbound ?? false);
  if (reason !== undefined) throw new Error(`--machines ${machines} ${reason}`);
  const options = {
    image,
    ...(surroundings === undefined ? {} : { world: surroundings }),
    ...(dir === undefined ? {} : { dir }),
  };
  if (machines === "qemu") return qemuMachines(options);
  return nspawnMachines({ ...options, ...(volumeAt === undefined ? {} : { volumeAt }) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
