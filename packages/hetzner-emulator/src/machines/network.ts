import { type ChildProcess, spawn } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { join } from "./join.ts";
import { run } from "./run.ts";
import { addressesOf, type World } from "./world.ts";
import type { FromWorld, ToWorld } from "./world-messages.ts";

/** Where the server is in its network, and its gateway, as Hetzner's are. */
export const serverAddress = "172.31.1.100";
export const gateway = "172.31.1.1";

/** What surrounds one server: the cloud's services and the world's hosts, in a namespace of its own. */
export interface Network {
  /** Of the process that holds the namespace. */
  readonly pid: number;
  setWorld(world: World): Promise<void>;
  /** Joins a connection from outside with that port of the server. */
  letIn(socket: Socket, port: number): void;
  close(): Promise<void>;
}

export async function openNetwork(
  metadata: Readonly<Record<string, string>>,
  world: World,
  /** Where the server listens, seen from the namespace. */
  target = serverAddress,
): Promise<Network> {
  const main = fileURLToPath(new URL("./world-main.ts", import.meta.url));
  const child = spawn("unshare", ["--net", process.execPath, main, target], {
    detached: true, // a terminal's Ctrl-C is for the emulator; this ends when that lets go of it
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1" },
  });
  const exited = once(child, "exit");
  let current = world;
  const ready = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error("the server's network could not be made")));
    child.on("message", (message: FromWorld, handle) => {
      const socket = handle as Socket | undefined;
      if (message.type === "ready") resolve();
      else if (message.type === "outbound") letOut(socket, message.address, current);
      else void resolveName(child, message, current);
    });
  });
  await ready;
  const pid = child.pid ?? 0;
  const setWorld = async (next: World) => {
    current = next;
    const names = [...addressesOf(next)];
    tell(child, { type: "configure", metadata, names });
    const wanted = [`${gateway}/32`, "169.254.169.254/32", ...names.map(([, ip]) => `${ip}/32`)];
    const commands = ["ip link set lo up", ...wanted.map((ip) => `ip addr replace ${ip} dev lo`)];
    await run("nsenter", ["-t", String(pid), "-n", "sh", "-ec", commands.join("\n")]);
  };
  await setWorld(world);
  return {
    pid,
    setWorld,
    letIn(socket, port) {
      child.send({ type: "inbound", port } satisfies ToWorld, socket, {}, () => undefined);
    },
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function tell(child: ChildProcess, message: ToWorld): void {
  if (child.connected) child.send(message, () => undefined);
}

function letOut(socket: Socket | undefined, address: string, world: World): void {
  if (socket === undefined) return;
  const [name] = [...addressesOf(world)].find(([, ip]) => ip === address) ?? [];
  const service = name === undefined ? undefined : world.hosts[name];
  if (service === undefined) {
    socket.destroy();
    return;
  }
  const at = service.lastIndexOf(":");
  join(
    socket,
    connect(Number(service.slice(at + 1)), service.slice(0, at).replaceAll(/[[\]]/g, "")),
  );
}

async function resolveName(
  child: ChildProcess,
  { id, name, family }: Extract<FromWorld, { type: "resolve" }>,
  world: World,
): Promise<void> {
  const found = world.outbound
    ? await lookup(name, { all: true, family }).catch(() => undefined)
    : undefined;
  tell(child, { type: "resolved", id, addresses: found?.map(({ address }) => address) });
}
