import { hash } from "node:crypto";
import { type Form, forms } from "./forms.ts";
import type { Extent, Matcher } from "./matcher.ts";

/** Forms inside forms that are followed. */
const maxDepth = 4;

export interface ScanFinding {
  readonly secret: string;
  readonly form: string;
}

export interface ScanResult {
  readonly findings: readonly ScanFinding[];
  readonly streams: number;
  /** Streams that are larger than what is opened. */
  readonly tooLarge: number;
}

export interface ScanOptions {
  /** @default - all forms */
  readonly through?: readonly Form[];
  /** The forms that the data has been taken out of. @default - none */
  readonly within?: readonly string[];
}

/** Looks for secrets in bytes, as they are and in every form, forms in forms to a depth of four. */
export function scan(
  data: Buffer,
  matcher: Matcher,
  { through = forms, within = [] }: ScanOptions = {},
): ScanResult {
  const findings = new Map<string, ScanFinding>();
  let streams = 0;
  let tooLarge = 0;

  // What an escape does not touch comes again in the unescaped text, base64 and all.
  const visited = new Map<string, number>();
  const isNew = (piece: Buffer, depth: number) => {
    const key = hash("sha1", piece, "base64");
    if ((visited.get(key) ?? maxDepth + 1) <= depth) return false;
    visited.set(key, depth);
    return true;
  };

  const visit = (piece: Buffer, path: readonly string[], known: ReadonlySet<string>) => {
    if (piece.length < matcher.shortest || !isNew(piece, path.length)) return;
    const here = matcher.find(piece);
    for (const [secret, extent] of here) {
      // Unescaped text has all of its escaped self's own findings again.
      if (known.has(secret)) continue;
      const form = describe(path, extent);
      findings.set(`${secret}\0${form}`, { secret, form });
    }
    if (path.length === maxDepth) return;
    for (const form of through) {
      const inside = form.repeats ? new Set([...known, ...here.keys()]) : new Set<string>();
      for (const decoded of form.decode(piece, matcher.shortest)) {
        if (decoded.data === undefined) tooLarge += 1;
        else {
          if (decoded.form === "gzip" || decoded.form === "zlib") streams += 1;
          visit(decoded.data, [...path, decoded.form], inside);
        }
      }
    }
  };
  visit(data, within, new Set());
  return { findings: [...findings.values()], streams, tooLarge };
}

function describe(path: readonly string[], extent: Extent): string {
  const form = path.length === 0 ? "raw" : path.join(" > ");
  return extent === "whole" ? form : `${form} (part)`;
}
