import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

/** Everything that `npm start` writes, in one folder that only its owner reads, and one stack file. */
export interface LocalFolder {
  readonly dir: string;
  readonly backend: string;
  readonly pulumiHome: string;
  readonly passphrase: string;
  readonly cloudState: string;
  readonly cloudProcess: string;
  readonly cloudLog: string;
  readonly settings: string;
  readonly events: string;
  /** Disks of the local cloud's servers: the cloud's side, which holds what they were made with. */
  readonly machines: string;
  readonly sshKey: string;
  readonly knownHosts: string;
  readonly acceptedKeys: string;
  readonly stackFile: string;
}

export function localFolder(root = checkout): LocalFolder {
  const dir = join(root, ".bureau");
  return {
    dir,
    backend: join(dir, "state"),
    pulumiHome: join(dir, "pulumi-home"),
    passphrase: join(dir, "passphrase"),
    cloudState: join(dir, "cloud.json"),
    cloudProcess: join(dir, "cloud-process.json"),
    cloudLog: join(dir, "cloud.log"),
    settings: join(dir, "local.json"),
    events: join(dir, "events"),
    machines: join(dir, "machines"),
    sshKey: join(dir, "ssh_key"),
    knownHosts: join(dir, "known_hosts"),
    acceptedKeys: join(dir, "accepted-keys.json"),
    stackFile: join(root, "stacks", "Pulumi.local.yaml"),
  };
}

const settingsSchema = z.strictObject({
  /** Port of the local cloud; 0 until it has run once. */
  port: z.int().min(0).max(65535),
  /** The key in the stack was made here and opens nothing. */
  demoKey: z.boolean(),
  /** Folder of the guest image that servers boot from; null where they exist in the API alone. */
  image: z.string().nullable(),
});

export type LocalSettings = z.output<typeof settingsSchema>;

/** Makes the folder and its passphrase where they are not there yet. */
export function prepareFolder(folder: LocalFolder): void {
  for (const dir of [folder.dir, folder.backend, folder.pulumiHome, folder.events]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }
  if (!existsSync(folder.passphrase)) {
    // What an earlier passphrase has encrypted is lost with it.
    rmSync(folder.stackFile, { force: true });
    writeFileSync(folder.passphrase, randomBytes(24).toString("base64url"), {
      mode: 0o600,
      flag: "wx",
    });
  }
}

export function readSettings(folder: LocalFolder): LocalSettings {
  if (!existsSync(folder.settings)) {
    return { port: 0, demoKey: false, image: null };
  }
  return settingsSchema.parse(JSON.parse(readFileSync(folder.settings, "utf8")));
}

export function writeSettings(folder: LocalFolder, settings: LocalSettings): void {
  writeFileSync(folder.settings, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}

/**
 * The local cloud's token: 64 characters, as a real one has, and good for nothing else. Made of the
 * passphrase, so that it is the same in every run and written nowhere.
 */
export function localToken(folder: LocalFolder): string {
  const passphrase = readFileSync(folder.passphrase, "utf8");
  return createHmac("sha256", "bureau/local-token/v1").update(passphrase).digest("hex");
}
