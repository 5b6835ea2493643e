import type { Secret } from "./forms.ts";
import { createScan } from "./scan.ts";
import { walk } from "./walk.ts";

export interface Place {
  readonly label: string;
  /** A file or a folder. */
  readonly path: string;
}

export interface HuntOptions {
  readonly secrets: readonly Secret[];
  readonly places: readonly Place[];
  /** What was printed, or exported. */
  readonly texts?: readonly { readonly label: string; readonly text: string }[];
  /** Paths that are not entered. */
  readonly skip?: readonly string[];
}

export interface Finding {
  readonly place: string;
  /** Path of the file; the place's label for a text. */
  readonly file: string;
  readonly form: string;
  /** Label of the secret, never the secret. */
  readonly secret: string;
}

export interface HuntReport {
  readonly files: number;
  readonly bytes: number;
  /** Packed and encoded streams that were opened. */
  readonly streams: number;
  readonly secrets: number;
  readonly places: readonly string[];
  /** What is there and could not be read, or vanished meanwhile. */
  readonly unreadable: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Looks for secrets in everything that was written: raw, base64 in every alignment, hex, escaped,
 * UTF-16, wrapped, and all of that inside gzip, zlib and base64.
 *
 * @throws Error for a secret of fewer than 8 characters.
 * @example (await hunt({ secrets: [{ label: "key", value: key }], places: [{ label: "state", path }] })).findings
 */
export async function hunt({
  secrets,
  places,
  texts = [],
  skip = [],
}: HuntOptions): Promise<HuntReport> {
  const scan = createScan(secrets);
  const counts = { files: 0, bytes: 0, streams: 0 };
  const unreadable: string[] = [];
  const findings: Finding[] = [];
  const look = (place: string, file: string, content: Buffer) => {
    const { hits, streams } = scan(content);
    counts.bytes += content.length;
    counts.streams += streams;
    findings.push(...hits.map(({ secret, form }) => ({ place, file, form, secret })));
  };
  for (const { label, path } of places) {
    for await (const { file, content } of walk(path, skip)) {
      if (content === undefined) {
        unreadable.push(file);
        continue;
      }
      counts.files += 1;
      look(label, file, content);
    }
  }
  for (const { label, text } of texts) look(label, label, Buffer.from(text, "utf8"));
  return {
    ...counts,
    secrets: secrets.length,
    places: [...places, ...texts].map(({ label }) => label),
    unreadable,
    findings,
  };
}
