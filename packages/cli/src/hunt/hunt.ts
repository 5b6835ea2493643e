import { stat } from "node:fs/promises";
import { createMatcher } from "./matcher.ts";
import { scan } from "./scan.ts";
import type { Finding, HuntReport, Place, Secret, Text } from "./types.ts";
import { reason, walk } from "./walk.ts";
import { fileWindows } from "./windows.ts";

export interface HuntOptions {
  readonly secrets: readonly Secret[];
  readonly places: readonly Place[];
  /** @default - none */
  readonly texts?: readonly Text[];
  /** Folders and files that are left out, as their paths come from those of the places. @default - none */
  readonly skip?: readonly string[];
}

/**
 * Looks for secrets in files, folders and texts: as they are, in base64 and hex, escaped for JSON and
 * URLs, in UTF-16, in gzip and zlib streams, and in each of these inside each other. Of a key, a run of
 * 16 characters of what is not its public prefix counts too. The report never has any part of a secret.
 *
 * Takes two to three hundred MB of memory at most, whatever the size of the files.
 *
 * @throws Error for a secret of fewer than 8 characters.
 * @example
 * const { findings } = await hunt({
 *   secrets: [{ label: "apiKey", value: key }],
 *   places: [{ label: "state backend", path: "/srv/state" }],
 * });
 */
export async function hunt({
  secrets,
  places,
  texts = [],
  skip = [],
}: HuntOptions): Promise<HuntReport> {
  const matcher = createMatcher(secrets);
  const findings = new Map<string, Finding>();
  const unreadable: string[] = [];
  let [files, bytes, streams] = [0, 0, 0];

  const search = (place: string, file: string, data: Buffer, within: string[] = []) => {
    const result = scan(data, matcher, { within });
    streams += result.streams;
    if (result.tooLarge > 0) unreadable.push(`${file}: a compressed stream of more than 64 MiB`);
    for (const { secret, form } of result.findings) {
      findings.set(JSON.stringify([place, file, form, secret]), { place, file, form, secret });
    }
  };

  for (const { label, text } of texts) {
    const data = Buffer.from(text);
    bytes += data.length;
    search(label, label, data);
  }
  const skipped = new Set(skip);
  for (const { label, path } of places) {
    for await (const found of walk(path, skipped)) {
      if ("unreadable" in found) {
        unreadable.push(found.unreadable);
        continue;
      }
      try {
        bytes += (await stat(found.file)).size;
        for await (const { data, compressed } of fileWindows(found.file)) {
          if (compressed) streams += 1;
          search(label, found.file, data, compressed ? ["gzip"] : []);
        }
        files += 1;
      } catch (error) {
        unreadable.push(`${found.file}: ${reason(error)}`);
      }
    }
  }
  return {
    files,
    bytes,
    streams,
    secrets: secrets.length,
    places: [...texts, ...places].map(({ label }) => label),
    unreadable,
    findings: [...findings.values()],
  };
}
