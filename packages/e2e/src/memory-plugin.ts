import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@bureau/cli";
import { defaultCache } from "@bureau/engine";
import { madeOnce } from "./made-once.ts";

const name = "@openclaw/memory-lancedb";
/** The release whose plugin interface the edits below are for. */
export const pluginVersion = "2026.9.6";
/** The last release that bundles the plugin. */
const release = {
  tarball: "openclaw-2026.4.29.tgz",
  spec: "openclaw@2026.4.29",
  integrity:
    "sha512-IRhX38ow4Hj783YxChK10rHwNg6OCupzGvVxG7EE24GaXHBumrESDpWUsgX0FiwTa0LYQBxuAcDncbyFiGVaOg==",
};

/** What the plugin imports and its host does not have for it; LanceDB's binary comes as a package. */
const dependencies = {
  "@lancedb/lancedb": "0.27.2",
  "apache-arrow": "18.1.0",
  openai: "6.34.0",
  typebox: "1.1.34",
};

/** The plugin's files, and where they are in the tarball. */
const files = {
  "index.js": "package/dist/extensions/memory-lancedb/index.js",
  "config.js": "package/dist/config-acsZsRTx.js",
  "openclaw.plugin.json": "package/dist/extensions/memory-lancedb/openclaw.plugin.json",
  LICENSE: "package/LICENSE",
};

const command = { name: "ltm", description: "LanceDB memory plugin commands" };

interface Edit {
  readonly why: string;
  readonly from: string;
  readonly to: string;
}

/** The host's own parts, which were chunks beside the plugin and are now reached by its SDK. */
const imports: readonly Edit[] = [
  {
    why: "text helpers",
    from: `import { a as normalizeLowercaseStringOrEmpty } from "../../string-coerce-Bje8XVt9.js";
import { y as truncateUtf16Safe } from "../../utils-DvkbxKCZ.js";`,
    to: `import { normalizeLowercaseStringOrEmpty, truncateUtf16Safe } from "openclaw/plugin-sdk/string-coerce-runtime";`,
  },
  {
    why: "agents",
    from: `import { S as resolveDefaultAgentId } from "../../agent-scope-Df_s1jDI.js";`,
    to: `import { resolveDefaultAgentId } from "openclaw/plugin-sdk/agent-scope-runtime";`,
  },
  {
    why: "proxies",
    from: `import { r as ensureGlobalUndiciEnvProxyDispatcher } from "../../undici-global-dispatcher-CIk5YTS2.js";
import "../../text-runtime-ysqqY1vr.js";`,
    to: `import { ensureGlobalUndiciEnvProxyDispatcher } from "openclaw/plugin-sdk/runtime-env";`,
  },
  {
    why: "entry",
    from: `import { t as definePluginEntry } from "../../plugin-entry-rrZRIs0T.js";
import "../../runtime-env-BJocPwgi.js";`,
    to: `import { definePluginEntry } from "openclaw/plugin-sdk/plugin-entry";`,
  },
  {
    why: "configuration of the host",
    from: `import { n as resolveLivePluginConfigObject } from "../../plugin-config-runtime-aIhfvY7t.js";`,
    to: `import { resolveLivePluginConfigObject } from "openclaw/plugin-sdk/plugin-config-runtime";`,
  },
  {
    why: "embedding providers, which are no longer memory's alone",
    from: `import { t as getMemoryEmbeddingProvider } from "../../memory-embedding-provider-runtime-B7tYHHzL.js";
import "../../memory-core-host-engine-embeddings-D8gCuj1E.js";
import "../../memory-host-core-DMMq9Ol8.js";
import "../../api-O8aeqraV.js";`,
    to: `import { getEmbeddingProvider } from "openclaw/plugin-sdk/embedding-providers";`,
  },
  {
    why: "configuration of the plugin",
    from: `from "../../config-acsZsRTx.js";`,
    to: `from "./config.js";`,
  },
  {
    why: "LanceDB is installed beside the plugin; the chunk would install it where it is missing",
    from: `import { n as loadLanceDbModule } from "../../lancedb-runtime-DlBVC_km.js";`,
    to: `const loadLanceDbModule = () => import("@lancedb/lancedb");`,
  },
];

/** What the host's interface has changed since. */
const changes: readonly Edit[] = [
  {
    why: "embedding providers are found by another name",
    from: "const adapter = getMemoryEmbeddingProvider(providerId, cfg);",
    to: "const adapter = getEmbeddingProvider(providerId, cfg);",
  },
  {
    why: "and embed by another",
    from: "return await (await this.getProvider()).embedQuery(text);",
    to: "return await (await this.getProvider()).embed(text);",
  },
  {
    why: "the messages end before the prompt, so that the question would be the one before",
    from: "normalizeRecallQuery(extractLatestUserText(Array.isArray(event.messages) ? event.messages : []) ?? event.prompt, ",
    to: "normalizeRecallQuery(event.prompt, ",
  },
  {
    why: "root commands have a descriptor",
    from: `}, { commands: ["ltm"] });`,
    to: `}, { descriptors: [${JSON.stringify({ ...command, hasSubcommands: true })}] });`,
  },
];

/**
 * Makes `DIR/node_modules/@openclaw/memory-lancedb`, which npm does not have for the current release:
 * an adaptation of the plugin that an older one bundles. Nothing of its code is in this repository.
 * DIR is cached, and has all that the plugin needs, to be copied to a desk's /opt/desk-plugins.
 */
export async function makeMemoryPlugin(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return madeOnce(join(defaultCache(env), "memory-plugin", recipeHash()), async (unfinished) => {
    await install(unfinished, env);
    await placePlugin(unfinished, env);
  });
}

/** This file is the recipe; the binary is that of the processor. */
function recipeHash(): string {
  const recipe = readFileSync(fileURLToPath(import.meta.url));
  return createHash("sha256").update(recipe).update(process.arch).digest("hex").slice(0, 12);
}

async function install(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  writeJson(join(dir, "package.json"), { private: true, dependencies });
  // Desks are Debian, whatever this machine is.
  const target = ["--os=linux", "--libc=glibc"];
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"];
  await run("npm", ["install", ...flags, ...target], dir, env);
}

async function placePlugin(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const staging = join(dir, "staging");
  mkdirSync(staging);
  await run("npm", ["pack", "--silent", release.spec], staging, env);
  const tarball = join(staging, release.tarball);
  const digest = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  if (`sha512-${digest}` !== release.integrity)
    throw new Error(`${release.spec} is not the one that the memory plugin is made from`);
  await run("tar", ["-xzf", tarball, ...Object.values(files)], staging, env);

  const plugin = join(dir, "node_modules", name);
  mkdirSync(plugin, { recursive: true });
  for (const [file, path] of Object.entries(files))
    copyFileSync(join(staging, path), join(plugin, file));
  rmSync(staging, { recursive: true });
  rewrite(join(plugin, "index.js"), edited);
  rewrite(join(plugin, "openclaw.plugin.json"), (text) => JSON.stringify(manifest(text), null, 2));
  writeJson(join(plugin, "package.json"), {
    name,
    version: pluginVersion,
    type: "module",
    dependencies,
    peerDependencies: { openclaw: `>=${pluginVersion}` },
    openclaw: { extensions: ["./index.js"], compat: { pluginApi: `>=${pluginVersion}` } },
  });
}

function edited(code: string): string {
  let text = code;
  for (const { why, from, to } of [...imports, ...changes]) {
    const parts = text.split(from);
    if (parts.length !== 2)
      throw new Error(`memory plugin: found ${parts.length - 1} times, not once (${why}): ${from}`);
    text = parts.join(to);
  }
  const chunk = /["']\.\.\/[^"']*["']/.exec(text)?.[0];
  if (chunk !== undefined) throw new Error(`memory plugin: still imports ${chunk}`);
  return text;
}

/** The host loads a plugin for the tools and commands that its manifest names, and no others. */
function manifest(text: string): object {
  const old = JSON.parse(text) as { readonly id?: unknown };
  if (old.id !== "memory-lancedb") throw new Error("memory plugin: a manifest of something else");
  return {
    ...old,
    name: "Memory (LanceDB)",
    contracts: { tools: ["memory_recall", "memory_store", "memory_forget"] },
    cliCommands: [{ ...command, hasSubcommands: true }],
  };
}

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

async function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { code, output } = await runCommand(file, args, { cwd, env });
  if (code === 0) return;
  const words = output.trimEnd().split("\n").slice(-20).join("\n");
  throw new Error(`${file} ${args[0] ?? ""} exited ${code}:\n${words}`);
}
