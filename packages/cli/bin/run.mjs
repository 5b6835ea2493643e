#!/usr/bin/env node
// Starts one of the project's commands on the project's own Node 22. This file and install.mjs run
// on any Node >= 20 with nothing installed, so they are plain JavaScript without dependencies.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

const entries = {
  start: "packages/cli/src/start/main.ts",
  audit: "packages/cli/src/audit/main.ts",
  repair: "packages/cli/src/repair/main.ts",
  image: "packages/cli/src/image/main.ts",
  "guest-image": "packages/cli/src/guest-image/main.ts",
  "fake-provider": "packages/fake-provider/src/main.ts",
  emulator: "packages/hetzner-emulator/src/main.ts",
  engine: "packages/engine/src/main.ts",
  pulumi: "packages/engine/src/pulumi-main.ts",
  test: "packages/e2e/src/test-main.ts",
  "test:slow": "packages/e2e/src/test-slow-main.ts",
  bench: "packages/e2e/bench/main.ts",
};

const [name = "", ...args] = process.argv.slice(2);
const entry = entries[name];
if (entry === undefined) {
  process.stderr.write(
    `run.mjs: unknown command; it is one of ${Object.keys(entries).join(", ")}\n`,
  );
  process.exit(2);
}

const node = await ensureInstalled(root);
const child = spawn(node, ["--conditions=@bureau/source", join(root, entry), ...args], {
  stdio: "inherit",
  env: {
    ...process.env,
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
    PATH: [dirname(node), process.env.PATH].join(delimiter),
  },
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A terminal sends its signals to every process of the foreground group, so the child has this
    // one already; a second SIGINT would make Pulumi give up its orderly cancel.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  });
}
child.on("error", (error) => {
  process.stderr.write(`${name}: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exitCode = code ?? 1;
  else process.exitCode = 128 + ({ SIGINT: 2, SIGHUP: 1, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1);
});
