import { readFileSync } from "node:fs";

/** Reads a file of the package; the same from src/ and from dist/. */
export function readAsset(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}
