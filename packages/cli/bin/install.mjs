import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Installs the project's dependencies where package-lock.json asks for something that is not there,
 * and answers the path of the project's own Node.
 */
export async function ensureInstalled(root) {
  const node = join(root, "node_modules", "node", "bin", "node");
  if (!isInstalled(root, node))
    await withLock(join(root, ".npm-ci.lock"), () => install(root, node));
  return node;
}

/** npm keeps what it installed in a hidden lockfile; optional packages may be absent from it. */
function isInstalled(root, node) {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(node) || !existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(([path, pkg]) => {
    if (!path.startsWith("node_modules/") || pkg.link) return true;
    if (present[path] === undefined)
      return pkg.optional === true || pkg.devOptional === true || pkg.peer === true;
    return present[path].version === pkg.version;
  });
}

function install(root, node) {
  if (isInstalled(root, node)) return;
  process.stderr.write("installing dependencies (npm ci) ...\n");
  // npm's own report goes to stderr: stdout belongs to the command.
  const done = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.status !== 0 || !existsSync(node)) {
    process.stderr.write(
      "npm ci did not succeed; its messages are above. Mend that and run the command again.\n",
    );
    process.exit(1);
  }
}

/** Two first runs at once must not install over each other; the second waits. */
async function withLock(path, work) {
  let told = false;
  for (;;) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isHeld(path)) {
        rmSync(path, { force: true });
        continue;
      }
      if (!told)
        process.stderr.write("another run is installing the dependencies; waiting for it ...\n");
      told = true;
      await delay(250);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function isHeld(path) {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    // The holder writes its pid just after it made the file, so an empty file is held too.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
