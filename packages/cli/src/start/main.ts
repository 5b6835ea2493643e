import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { obtainEngine } from "@bureau/engine";
import { renderAudit } from "../audit/render.ts";
import { guestImage } from "../guest-image/guest-image.ts";
import { installTools, whyNoImages } from "../guest-image/tools.ts";
import { machineRegistry } from "../registry.ts";
import { collectAnswers, terminal } from "./answers.ts";
import { chat } from "./chat.ts";
import { openCloud } from "./cloud.ts";
import { takeDown } from "./down.ts";
import { parseFlags, type StartFlags, startHelp } from "./flags.ts";
import {
  type LocalFolder,
  type LocalSettings,
  localFolder,
  localToken,
  prepareFolder,
  readSettings,
  writeSettings,
} from "./folder.ts";
import { huntLocal } from "./hunt.ts";
import { acceptKeys } from "./local-cloud.ts";
import { lockFolder } from "./lock.ts";
import { ownersKey, pinHost } from "./login.ts";
import { readPrice } from "./price.ts";
import { deskKeys, type LocalPulumi, localPulumi, localStack, shellVariables } from "./pulumi.ts";
import { waitUntilReady } from "./ready.ts";
import { renderDesk, renderOnward } from "./report.ts";
import { presentDesk } from "./stack-file.ts";
import { bringUp } from "./up.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let flags: StartFlags;
  try {
    flags = parseFlags(args);
  } catch (error) {
    say(`npm start: ${messageOf(error)}`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(startHelp);
    return 0;
  }
  const folder = localFolder();
  const release = await lockFolder(folder.dir, say);
  try {
    return flags.down ? await down(folder) : await start(folder, flags);
  } catch (error) {
    say(`npm start: ${messageOf(error)}`);
    return 1;
  } finally {
    await release();
  }
}

async function down(folder: LocalFolder): Promise<number> {
  await takeDown(folder, say);
  return 0;
}

async function start(folder: LocalFolder, flags: StartFlags): Promise<number> {
  prepareFolder(folder);
  const settings = await chooseMachines(folder, flags);
  const boots = settings.image !== null;
  const registry = await machineRegistry();
  const token = localToken(folder);
  const atTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const answers = await collectAnswers(
    flags,
    process.env,
    presentDesk(folder.stackFile, settings.demoKey),
    atTerminal ? terminal : undefined,
  );
  if (answers.demoKey) say("no key given: using a random demo key, which opens nothing");

  const engine = await obtainEngine({ onProgress: say });
  writeSettings(folder, settings);
  const cloud = await openCloud(folder, flags.keep);
  try {
    const demoKey = answers.demoKey ?? settings.demoKey;
    const pulumi = await localPulumi(engine, folder);
    const { out, text } = recorder();
    out.write(`engine ${engine.version} (${engine.origin}), Hetzner emulator at ${cloud.url}\n`);
    const key = boots ? await ownersKey(folder) : undefined;
    await bringUp({ folder, cloud, token, pulumi, answers, registry, ownersKey: key, out });
    writeSettings(folder, { ...settings, port: cloud.port, demoKey });

    const outputs = JSON.parse((await pulumi.ok(["stack", "output", "--json"])).stdout);
    const price = await readPrice(cloud.url, token, localStack);
    out.write(`\n${renderDesk({ outputs, price, demoKey })}\n`);
    if (boots) {
      acceptKeys(folder, await deskKeys(pulumi));
      out.write(`answer: ${await ask(folder, pulumi, outputs)}\n`);
    }
    const report = await huntLocal(folder, pulumi, text());
    process.stdout.write(`${renderAudit(report)}\n`);
    process.stdout.write(
      renderOnward({
        url: cloud.url,
        variables: shellVariables(folder),
        path: [dirname(engine.cli), dirname(process.execPath)],
        background: cloud.background,
      }),
    );
    return report.findings.length === 0 ? 0 : 1;
  } finally {
    await cloud.close();
  }
}

/**
 * Decides what stands behind the cloud's servers, and makes what that takes.
 *
 * @throws Error where it cannot run here, or the present desk was made otherwise.
 */
async function chooseMachines(folder: LocalFolder, flags: StartFlags): Promise<LocalSettings> {
  const settings = readSettings(folder);
  const present = existsSync(folder.stackFile) ? kindOf(settings) : undefined;
  const wanted = flags.machines ?? present ?? "none";
  if (present !== undefined && wanted !== present) {
    throw new Error(
      `the local desk was made with --machines ${present}. Remove it first: npm start -- --down`,
    );
  }
  if (wanted === "none") return { ...settings, image: null };
  await installTools(say);
  const reason = whyNoImages("nspawn");
  if (reason !== undefined) throw new Error(`--machines nspawn ${reason}`);
  const registry = await machineRegistry();
  return { ...settings, image: await guestImage({ prebaked: true, registry, say }) };
}

function kindOf({ image }: LocalSettings): "none" | "nspawn" {
  return image === null ? "none" : "nspawn";
}

/** Waits for the desk and lets its agent answer, over SSH as its owner would. */
async function ask(
  folder: LocalFolder,
  pulumi: LocalPulumi,
  outputs: Record<string, string>,
): Promise<string> {
  const { ipv4Address = "", sshHostKey = "" } = outputs;
  const login = pinHost(folder, ipv4Address, sshHostKey);
  await waitUntilReady(login, say);
  const shown = await pulumi.ok(["stack", "output", "gatewayToken", "--show-secrets"]);
  return chat(login, shown.stdout.trim(), "Are you there?");
}

/** Shows what is written to it and keeps a copy for the leak hunt. */
function recorder(): { out: PassThrough; text: () => string } {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    process.stdout.write(chunk);
  });
  return { out, text: () => Buffer.concat(chunks).toString("utf8") };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
