import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "@bureau/cli";
import { createEmulator, type RecordedRequest } from "@bureau/hetzner-emulator";
import { type Description, readDescription } from "@bureau/hetzner-emulator/description";

/** What a client printed, what it asked for, and where the answers differ from the description. */
export interface Verdict {
  readonly code: number | null;
  readonly output: string;
  readonly requests: readonly RecordedRequest[];
  readonly problems: readonly string[];
  /** How many answers were held against the description; undefined without one. */
  readonly checked: number | undefined;
}

/** Lets a client use a cloud of its own, and holds every answer against the vendor's description. */
export async function judge(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Verdict> {
  const description = vendorDescription();
  const cloud = await createEmulator({
    rateLimit: false,
    ...(description === undefined ? {} : { onResponse: description.check }),
  });
  const home = mkdtempSync(join(tmpdir(), "bureau-client-"));
  try {
    const { code, output } = await runCommand(file, args, {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        LANG: "C.UTF-8",
        HCLOUD_ENDPOINT: cloud.url,
        HCLOUD_TOKEN: cloud.token,
        SSH_PUBLIC_KEY: publicKey(),
        ...env,
      },
    });
    return {
      code,
      output,
      requests: cloud.requests(),
      problems: description?.problems ?? [],
      checked: description?.checked(),
    };
  } finally {
    await cloud.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function vendorDescription(): Description | undefined {
  const file = process.env.HCLOUD_OPENAPI;
  if (file !== undefined) return readDescription(file);
  process.stderr.write(
    "\nHCLOUD_OPENAPI is not set: answers are NOT held against the vendor's description.\n\n",
  );
  return undefined;
}

/** Why a client's suite cannot run, said loudly; undefined when it can. Where CI asks for the slow
 * tier it runs all the same, and fails. */
export function cannotRun(client: string, remedy: string, isThere: () => boolean): boolean {
  if (isThere()) return false;
  process.stderr.write(`\nTHE SUITE WITH ${client} DID NOT RUN. ${remedy}\n\n`);
  return !(process.env.BUREAU_REQUIRE ?? "").split(",").includes("slow");
}

export function answers(file: string, ...args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}

const clientVersion = "2.27.0";

/**
 * A folder for PYTHONPATH with the vendor's Python client from PyPI, installed once into the cache.
 *
 * @throws Error when PyPI cannot be reached and the client is not there.
 */
export function pythonClient(): string {
  const cache =
    process.env.BUREAU_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "bureau");
  const place = join(cache, `python-hcloud-${clientVersion}`);
  if (existsSync(place)) return place;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "python-hcloud-"));
  try {
    // Debian's own pip refuses to install, and may not be there at all; a venv brings one.
    execFileSync("python3", ["-m", "venv", join(work, "venv")], { stdio: "ignore" });
    execFileSync(
      join(work, "venv/bin/pip"),
      ["install", "-q", "--target", join(work, "packages"), `hcloud==${clientVersion}`],
      { stdio: "ignore" },
    );
    renameSync(join(work, "packages"), place);
    return place;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A new ed25519 key as OpenSSH writes it. */
function publicKey(): string {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = [field(Buffer.from("ssh-ed25519")), field(Buffer.from(x, "base64url"))];
  return `ssh-ed25519 ${Buffer.concat(blob).toString("base64")} client`;
}
