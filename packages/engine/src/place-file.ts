import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Marks a plugin folder as ours: any other is one that the official engine installed. */
const MARKER = "placed-by-bureau";

/**
 * Makes `source` appear as `target`, the only executable of a plugin folder. The folder appears whole
 * by a rename, a stale file is replaced by a rename, and a folder that is not ours stays as it is.
 */
export function placeFile(source: string, target: string): void {
  const folder = dirname(target);
  if (existsSync(folder)) {
    if (existsSync(join(folder, MARKER)) && !isSame(source, target)) replace(source, target);
    return;
  }
  inScratchFolder(dirname(folder), (scratch) => {
    linkOrCopy(source, join(scratch, basename(target)));
    writeFileSync(join(scratch, MARKER), "");
    try {
      renameSync(scratch, folder);
    } catch (error) {
      // Another run was faster; what it placed is the same.
      if (!existsSync(target)) throw error;
    }
  });
}

function replace(source: string, target: string): void {
  inScratchFolder(dirname(dirname(target)), (scratch) => {
    const file = join(scratch, basename(target));
    linkOrCopy(source, file);
    renameSync(file, target);
  });
}

/** A folder in `parent` whose name the engine does not take for that of a plugin. */
function inScratchFolder(parent: string, use: (scratch: string) => void): void {
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, ".placing-"));
  try {
    use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function linkOrCopy(source: string, file: string): void {
  try {
    linkSync(source, file);
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(source, file);
    const { atime, mtime } = statSync(source);
    utimesSync(file, atime, mtime);
  }
}

function isSame(source: string, target: string): boolean {
  if (!existsSync(target)) return false;
  const a = statSync(source);
  const b = statSync(target);
  const linked = a.ino === b.ino && a.dev === b.dev;
  return linked || (a.size === b.size && Math.trunc(a.mtimeMs) === Math.trunc(b.mtimeMs));
}
