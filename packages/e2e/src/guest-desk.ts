import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { type DeskSettings, parseSettings, renderUserData } from "@bureau/desk";
import type { BootingMachines, Ran } from "@bureau/hetzner-emulator";
import type { BootedServer, GuestWorld } from "./guest-world.ts";

/** Desks boot alike in containers and in virtual machines. */
type AnyWorld = GuestWorld<BootingMachines>;

/** A desk whose server is booting or has booted. */
export interface GuestDesk extends BootedServer {
  readonly volumeId: number;
  readonly settings: DeskSettings;
  readonly gatewayToken: string;
  /** Runs a shell script as root, or as another user. */
  sh(script: string, options?: { user?: string; input?: string }): Promise<Ran>;
  /** The same, for what must succeed: its output. */
  ok(script: string, options?: { user?: string; input?: string }): Promise<string>;
  /** What desk-status says. */
  status(): Promise<DeskStatus>;
  /** Waits until a shell script succeeds. */
  until(what: string, script: string, seconds?: number): Promise<void>;
  /** Waits until the agent is ready. */
  ready(): Promise<void>;
  /** Says something to the agent through the gateway. */
  chat(message: string, session?: string): Promise<string>;
}

export interface DeskStatus {
  readonly healthy: boolean;
  readonly problems: readonly string[];
  readonly provider: { readonly key: string; readonly reachable: boolean };
  readonly memory: { readonly on: boolean; readonly why?: string };
  readonly [field: string]: unknown;
}

export interface DeskOptions {
  /** DeskArgs with plain keys; the provider alone by default. */
  readonly args?: Record<string, unknown>;
  readonly name?: string;
  /** A volume that exists. */
  readonly volumeId?: number;
  /** Changes the rendered user data, to take a protection away. */
  readonly edit?: (document: string) => string;
  readonly gatewayToken?: string;
}

/** Where the golden documents install from; nothing of it is asked in a prebaked image. */
const registry = "https://registry.example";

/** Creates a desk's server with the user data that the component would give it, and its volume. */
export async function createDesk(world: AnyWorld, options: DeskOptions = {}): Promise<GuestDesk> {
  const name = options.name ?? `desk-${randomBytes(3).toString("hex")}`;
  const gatewayToken = options.gatewayToken ?? randomBytes(24).toString("hex");
  const settings = parseSettings(name, {
    provider: { name: "anthropic", apiKey: world.keys.anthropic },
    agent: { registry },
    ...options.args,
  });
  const volumeId = options.volumeId ?? (await createVolume(world, name));
  const hostKeySecret = randomBytes(24).toString("hex");
  const rendered = renderUserData({
    settings,
    volumeId: String(volumeId),
    gatewayToken,
    hostKeySecret,
  });
  const edited = options.edit?.(rendered) ?? rendered;
  if (options.edit !== undefined && edited === rendered)
    throw new Error("the edit changed nothing");
  const firewall = await createFirewall(world, name, settings);
  const { server } = await world.api<CreatedServer>("POST", "/servers", {
    name,
    server_type: "cx23",
    image: settings.image,
    location: "fsn1",
    firewalls: [{ firewall }],
    user_data: gzipSync(edited).toString("base64"),
  });
  await world.api("POST", `/volumes/${volumeId}/actions/attach`, { server: server.id });
  await world.machines.settled();

  const { id: serverId } = server;
  const [, hostKey = ""] = /ed25519_public: (ssh-ed25519 \S+)/.exec(rendered) ?? [];
  const desk: GuestDesk = {
    serverId,
    volumeId,
    address: server.public_net.ipv4.ip,
    hostKey,
    settings,
    gatewayToken,
    sh(script, { user, input } = {}) {
      const shell = ["/bin/bash", "-c", script];
      const command = user === undefined ? shell : ["runuser", "-u", user, "--", ...shell];
      return world.exec(desk, command, input);
    },
    async ok(script, more) {
      const { code, stdout, stderr } = await desk.sh(script, more);
      if (code !== 0) throw new Error(`${script}: exit ${code}\n${stdout}${stderr}`);
      return stdout.trim();
    },
    async status() {
      const { stdout, stderr } = await desk.sh("desk-status");
      if (!stdout.startsWith("{")) throw new Error(`desk-status: ${stdout}${stderr}`);
      return JSON.parse(stdout) as DeskStatus;
    },
    async until(what, script, seconds = 240) {
      const end = Date.now() + seconds * 1000;
      const input = `until ( ${script}\n ); do sleep ${world.secondsBetween}; done`;
      for (;;) {
        const left = Math.ceil((end - Date.now()) / 1000);
        if (left <= 0) throw new Error(await explain(world, desk, what, seconds));
        if ((await desk.sh(`timeout ${left} bash -c "$(cat)"`, { input })).code === 0) return;
        await delay(200); // it ended without an answer, as at a reboot
      }
    },
    ready: () => desk.until("the agent's readiness", "systemctl -q is-active desk-agent"),
    async chat(message, session = "test") {
      const { code, stdout, stderr } = await askGateway(desk, message, session, false);
      if (code !== 0) throw new Error(`chat: ${stdout}${stderr}`);
      const answer = JSON.parse(stdout) as { choices: { message: { content: string } }[] };
      return answer.choices[0]?.message.content ?? "";
    },
  };
  return desk;
}

interface CreatedServer {
  readonly server: {
    readonly id: number;
    readonly public_net: { readonly ipv4: { readonly ip: string } };
  };
}

async function createVolume(world: AnyWorld, name: string): Promise<number> {
  const { volume } = await world.api<{ volume: { id: number } }>("POST", "/volumes", {
    name: `${name}-data`,
    size: 10,
    location: "fsn1",
  });
  return volume.id;
}

async function createFirewall(
  world: AnyWorld,
  name: string,
  { ssh }: DeskSettings,
): Promise<number> {
  const rule = {
    direction: "in",
    protocol: "tcp",
    port: String(ssh?.port),
    source_ips: ssh?.allowFrom,
  };
  const { firewall } = await world.api<{ firewall: { id: number } }>("POST", "/firewalls", {
    name: `${name}-${randomBytes(3).toString("hex")}`,
    rules: ssh === undefined ? [] : [rule],
  });
  return firewall.id;
}

/** The token goes in on stdin, so that it is no argument. */
export function askGateway(
  { gatewayToken, sh }: GuestDesk,
  message: string,
  session: string,
  stream: boolean,
): Promise<Ran> {
  const body = JSON.stringify({
    model: "openclaw",
    user: session,
    stream,
    messages: [{ role: "user", content: message }],
  });
  const settings = [
    'url = "http://127.0.0.1:18789/v1/chat/completions"',
    `header = "Authorization: Bearer ${gatewayToken}"`,
    'header = "Content-Type: application/json"',
    `data = ${JSON.stringify(body)}`,
  ];
  return sh("curl -sS --fail-with-body -N -m 600 -K -", { input: `${settings.join("\n")}\n` });
}

async function explain(
  world: AnyWorld,
  desk: GuestDesk,
  what: string,
  seconds: number,
): Promise<string> {
  const { stdout } = await desk.sh("journalctl -b --no-pager -n 60 -o cat; systemctl --failed");
  const console = world.machines.console(desk.serverId).slice(-2000);
  return `${what} did not come within ${seconds} s\n${console}\n${stdout}`;
}

/** Shuts the server down and deletes it, as a replacement does; the volume stays. */
export async function deleteDesk(world: AnyWorld, { serverId }: GuestDesk): Promise<void> {
  await world.api("POST", `/servers/${serverId}/actions/shutdown`);
  await world.machines.settled();
  await world.api("DELETE", `/servers/${serverId}`);
  await world.machines.settled();
}
