import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", args, { cwd, encoding: "utf8" });

/**
 * What would be committed of this checkout, as a repository of its own, so that `git status` can be
 * asked; with this checkout's packages installed. It lies in a folder of its own.
 */
export function cloneCheckout(): string {
  const clone = join(realpathSync(mkdtempSync(join(tmpdir(), "bureau-clone-"))), "bureau");
  for (const file of git(root, "ls-files", "--cached", "--others", "--exclude-standard")
    .trim()
    .split("\n")) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(clone, file));
  }
  git(clone, "init", "-q");
  git(clone, "add", "-A");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
  git(clone, ...author, "commit", "-qm", "clone");
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  git(clone, "config", "core.excludesFile", join(clone, ".git/excluded"));
  execFileSync("sh", ["-c", "echo /node_modules > .git/excluded"], { cwd: clone });
  return clone;
}
