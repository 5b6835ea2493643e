import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createFakeProvider, providerHosts } from "@bureau/fake-provider";
import { createEmulator, nspawnMachines } from "@bureau/hetzner-emulator";
import { type LocalFolder, localToken, readSettings } from "./folder.ts";

/** The local cloud's parts in one process: the API and, where its servers boot, what they reach. */
export interface RunningCloud {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the cloud as the folder's settings describe it. */
export async function startLocalCloud(folder: LocalFolder): Promise<RunningCloud> {
  const { port, image } = readSettings(folder);
  const shared = { port, token: localToken(folder), stateFile: folder.cloudState };
  if (image === null) return createEmulator(shared);

  const provider = await createFakeProvider({ accepts: (_, key) => isAccepted(folder, key) });
  const service = `127.0.0.1:${provider.port}`;
  const hosts = Object.fromEntries(Object.values(providerHosts).map((host) => [host, service]));
  const machines = nspawnMachines({
    image,
    dir: folder.machines,
    world: { hosts, ca: provider.ca, outbound: false },
    volumeAt: "/srv/desk",
  });
  const emulator = await createEmulator({ ...shared, machines });
  return {
    url: emulator.url,
    async close() {
      await emulator.close();
      await provider.close();
    },
  };
}

/**
 * Lets the fake provider take these keys. It may run in another process, so it finds them in a file,
 * and in that only their hashes.
 */
export function acceptKeys(folder: LocalFolder, keys: readonly string[]): void {
  writeFileSync(folder.acceptedKeys, JSON.stringify(keys.map(sha256)), { mode: 0o600 });
}

function isAccepted(folder: LocalFolder, key: string): boolean {
  if (!existsSync(folder.acceptedKeys)) return false;
  const hashes = JSON.parse(readFileSync(folder.acceptedKeys, "utf8")) as unknown[];
  return hashes.includes(sha256(key));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
