import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runCommand } from "@bureau/cli";
import { madeOnce } from "./made-once.ts";
import { makeMemoryPlugin, pluginVersion } from "./memory-plugin.ts";

/**
 * A prebaked image with the memory plugin where an install would have put it: an adaptation, for tests
 * alone. It shares its files with the image that it is made of, beside which it is kept.
 */
export async function withMemoryPlugin(image: string): Promise<string> {
  const plugin = await makeMemoryPlugin();
  return madeOnce(`${image}-memory-${basename(plugin)}`, async (unfinished) => {
    const rootfs = join(unfinished, "rootfs");
    const installed = join(rootfs, "opt/desk-plugins");
    await run("cp", ["-al", join(image, "rootfs"), rootfs]);
    await run("cp", ["-r", plugin, installed]);
    await run("chmod", ["-R", "u=rwX,go=rX", installed]);
    writeFileSync(join(installed, ".desk-version"), `${pluginVersion}\n`);
  });
}

async function run(file: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runCommand(file, args, { cwd: "/", env: process.env });
  if (code !== 0) throw new Error(`${file} exited ${code}: ${output.trim()}`);
}
