import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { runCommand } from "../run-command.ts";
import type { LocalFolder } from "./folder.ts";

/** How the owner gets into the desk. */
export interface DeskLogin {
  readonly address: string;
  readonly privateKeyFile: string;
  readonly knownHostsFile: string;
}

/** The public half of the local owner's SSH key; the pair is made where there is none yet. */
export async function ownersKey(folder: LocalFolder): Promise<string> {
  const file = folder.sshKey;
  if (!existsSync(file)) {
    const args = ["-q", "-t", "ed25519", "-N", "", "-C", "bureau-local", "-f", file];
    const { code, output } = await runCommand("ssh-keygen", args, { cwd: "/", env: process.env });
    if (code !== 0) throw new Error(`ssh-keygen exited with ${code}: ${output.trim()}`);
  }
  return readFileSync(`${file}.pub`, "utf8").trim();
}

/** Pins the host key that the stack made, so that the first connection is authenticated already. */
export function pinHost(folder: LocalFolder, address: string, hostKey: string): DeskLogin {
  writeFileSync(folder.knownHosts, `${address} ${hostKey}\n`, { mode: 0o600 });
  return { address, privateKeyFile: folder.sshKey, knownHostsFile: folder.knownHosts };
}

/** Of `ssh`: user `desk`, the owner's key and no other, the pinned host key and no question. */
export function sshArguments(login: DeskLogin, options: readonly string[] = []): string[] {
  const settings = {
    BatchMode: "yes",
    ConnectTimeout: "5",
    IdentitiesOnly: "yes",
    LogLevel: "ERROR",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: login.knownHostsFile,
  };
  return [
    ...["-F", "none", "-i", login.privateKeyFile],
    ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...options,
    `desk@${login.address}`,
  ];
}
