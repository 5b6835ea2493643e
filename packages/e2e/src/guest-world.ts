import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guestImage, machineRegistry, runCommand, whyNoImages } from "@bureau/cli";
import {
  createFakeProvider,
  type FakeProvider,
  onlyKeys,
  type ProviderName,
  providerHosts,
} from "@bureau/fake-provider";
import {
  type BootingMachines,
  createEmulator,
  type Emulator,
  type NspawnMachines,
  nspawnMachines,
  qemuMachines,
  type Ran,
  type World,
} from "@bureau/hetzner-emulator";
import { canaryKey } from "@bureau/testkit";
import { withMemoryPlugin } from "./memory-image.ts";

/** A cloud whose servers boot, and the model APIs that they reach: test doubles, on this machine. */
export interface GuestWorld<M extends BootingMachines = NspawnMachines> {
  readonly cloud: Emulator;
  readonly machines: M;
  readonly provider: FakeProvider;
  /** Keys that the provider accepts, new in every run. */
  readonly keys: Readonly<Record<ProviderName, string>>;
  readonly surroundings: World;
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** Between two looks at what is waited for, which take their time from what is looked at. */
  readonly secondsBetween: number;
  /** Runs a program in a server, as root. */
  exec(server: BootedServer, command: readonly string[], input?: string): Promise<Ran>;
  close(): Promise<void>;
}

export interface BootedServer {
  readonly serverId: number;
  readonly address: string;
  /** As its user data sets it; undefined where it makes its own. */
  readonly hostKey: string | undefined;
}

export interface GuestWorldOptions {
  /** Whether Node and OpenClaw are in the image already. @default true */
  readonly prebaked?: boolean;
  /** Whether the memory plugin is in it as well; only into a prebaked one. @default false */
  readonly memory?: boolean;
  /** Whether servers reach package registries. @default false */
  readonly outbound?: boolean;
}

/** Servers are containers. */
export async function createGuestWorld(options: GuestWorldOptions = {}): Promise<GuestWorld> {
  const { prebaked = true, memory = false, outbound = false } = options;
  const plain = await imageFor({ prebaked });
  const image = memory ? await withMemoryPlugin(plain) : plain;
  return openWorld(outbound, (world) => {
    const machines = nspawnMachines({ image, world, volumeAt: "/srv/desk" });
    return {
      machines,
      secondsBetween: 0.2,
      exec: ({ serverId }, command, input) => machines.exec(serverId, command, input),
    };
  });
}

/** Servers are virtual machines; what is run in them is run by SSH, as root. */
export interface VmWorld extends GuestWorld<BootingMachines> {
  /** Whom a desk has to let in as root. */
  readonly publicKey: string;
}

export async function createVmWorld(
  options: Omit<GuestWorldOptions, "memory"> = {},
): Promise<VmWorld> {
  const { prebaked = true, outbound = false } = options;
  const image = await imageFor({ prebaked, vm: true });
  const dir = mkdtempSync(join(tmpdir(), "bureau-vm-"));
  const keyFile = join(dir, "key");
  await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
  const world = await openWorld(outbound, (surroundings) => ({
    machines: qemuMachines({ image, world: surroundings }),
    secondsBetween: 5,
    exec: (server, program, input) => execBySsh(dir, server, program, input),
  }));
  return {
    ...world,
    publicKey: readFileSync(`${keyFile}.pub`, "utf8").trim(),
    async close() {
      try {
        await world.close();
      } finally {
        rmSync(dir, { recursive: true });
      }
    },
  };
}

async function execBySsh(
  dir: string,
  { address, hostKey }: BootedServer,
  program: readonly string[],
  input?: string,
): Promise<Ran> {
  const knownHosts = join(dir, `known_hosts-${address}`);
  if (hostKey !== undefined) writeFileSync(knownHosts, `${address} ${hostKey}\n`);
  const settings = {
    BatchMode: "yes",
    ConnectTimeout: "60",
    LogLevel: "ERROR",
    // A guest whose power is cut says no good-bye.
    ServerAliveInterval: "15",
    ServerAliveCountMax: "8",
    StrictHostKeyChecking: hostKey === undefined ? "no" : "yes",
    UserKnownHostsFile: hostKey === undefined ? "/dev/null" : knownHosts,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const { code, ...said } = await command(
    "ssh",
    ["-F", "none", "-i", join(dir, "key"), ...options, `root@${address}`, quoted],
    input,
  );
  return { code: code ?? 128, ...said };
}

function command(file: string, args: readonly string[], input?: string) {
  return runCommand(file, args, { cwd: "/", env: process.env, input });
}

async function imageFor(kind: { prebaked: boolean; vm?: boolean }): Promise<string> {
  const reason = whyNoImages(kind.vm ? "qemu" : "nspawn");
  if (reason !== undefined) throw new Error(`guest tests: ${reason}`);
  return guestImage({
    ...kind,
    registry: await machineRegistry(),
    say: (line) => void process.stderr.write(`guest-image: ${line}\n`),
  });
}

interface Made<M> {
  readonly machines: M;
  readonly secondsBetween: number;
  readonly exec: GuestWorld["exec"];
}

async function openWorld<M extends BootingMachines>(
  outbound: boolean,
  make: (world: World) => Made<M>,
): Promise<GuestWorld<M>> {
  const keys = {
    anthropic: canaryKey("anthropic"),
    openai: canaryKey("openai"),
    openrouter: canaryKey("openrouter"),
  };
  const accepted = Object.entries(keys).map(([provider, key]) => ({
    provider: provider as ProviderName,
    key,
  }));
  const provider = await createFakeProvider({ accepts: onlyKeys(accepted) });
  const hosts = Object.fromEntries(
    Object.values(providerHosts).map((host) => [host, `127.0.0.1:${provider.port}`]),
  );
  const surroundings = { hosts, ca: provider.ca, outbound };
  const { machines, ...access } = make(surroundings);
  const problems: string[] = [];
  const cloud = await createEmulator({
    machines,
    onProblem: (message) => void problems.push(message),
  });
  return {
    cloud,
    machines,
    provider,
    keys,
    surroundings,
    async api<T>(method: string, path: string, body?: unknown) {
      const response = await fetch(cloud.url + path, {
        method,
        headers: { authorization: `Bearer ${cloud.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === "" ? {} : JSON.parse(text)) as T;
    },
    ...access,
    async close() {
      await cloud.close();
      await provider.close();
      if (problems.length > 0) throw new Error(`behind the cloud's API: ${problems.join("; ")}`);
    },
  };
}
