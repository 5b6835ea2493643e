/** A secret that is looked for. The label is what a report calls it. */
export interface Secret {
  readonly label: string;
  readonly value: string;
}

/** One way in which a secret can stand somewhere, as the bytes that would be there. */
export interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Anything shorter is found by chance. */
const shortestSecret = 8;

/** A piece of a key is a leak as well: any run of 16 characters holds one of these windows whole. */
const windowLength = 12;
const windowStep = 5;

/** The public beginning of a key says whose it is and nothing more. */
const publicPrefix = /^sk-(ant-|or-|proj-)?(api\d\d-|v\d-)?/;

/**
 * Every form of a secret that can be searched for as it is. What is packed or encoded around them is
 * undone by the scan.
 *
 * @throws Error for a secret that is too short to be looked for.
 */
export function huntForms({ label, value }: Secret): Needle[] {
  if (value.length < shortestSecret) {
    throw new Error(
      `secret "${label}" is shorter than ${shortestSecret} characters and cannot be hunted`,
    );
  }
  const text = (form: string, content: string): Needle =>
    needle(form, Buffer.from(content, "utf8"));
  const needle = (form: string, bytes: Buffer): Needle => ({ secret: label, form, bytes });
  const utf8 = Buffer.from(value, "utf8");
  const utf16 = Buffer.from(value, "utf16le");
  const hex = utf8.toString("hex");
  const escaped = (prefix: string, digits: number, upper: boolean) =>
    [...value].map((character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).padStart(digits, "0");
      return prefix + (upper ? code.toUpperCase() : code);
    });
  const percent = (upper: boolean) =>
    (hex.match(/../g) ?? []).map((byte) => `%${upper ? byte.toUpperCase() : byte}`).join("");

  return distinct([
    needle("raw", utf8),
    ...windows(value).map((piece) => text("part", piece)),
    ...base64Forms(utf8).map((encoded) => text("base64", encoded)),
    text("hex", hex),
    text("hex", hex.toUpperCase()),
    text("JSON-escaped", jsonEscaped(value)),
    text("JSON-escaped", jsonEscaped(jsonEscaped(value))),
    text("JSON-escaped", escaped("\\u", 4, false).join("")),
    text("JSON-escaped", escaped("\\u", 4, true).join("")),
    text("URL-escaped", encodeURIComponent(value)),
    text("URL-escaped", percent(true)),
    text("URL-escaped", percent(false)),
    needle("UTF-16", utf16),
    needle("UTF-16", Buffer.from(utf16).swap16()),
  ]);
}

function windows(value: string): string[] {
  const body = value.replace(publicPrefix, "");
  const count = Math.max(0, Math.floor((body.length - windowLength) / windowStep) + 1);
  return (
    Array.from({ length: count }, (_, i) =>
      body.slice(i * windowStep, i * windowStep + windowLength),
    )
      // A line of a PEM file or a run of blanks is in many places.
      .filter((piece) => new Set(piece).size > 4 && !/[\s-]{3}|[A-Z]+ [A-Z]+/.test(piece))
  );
}

/** The characters of a base64 text that depend on the secret alone, for each of its three alignments. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const standard = encoded.slice(first, last);
    return [standard, standard.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** The first form of a text names it: a key of letters and digits is the same JSON-escaped. */
function distinct(needles: readonly Needle[]): Needle[] {
  const seen = new Map<string, Needle>();
  for (const needle of needles) {
    const key = needle.bytes.toString("latin1");
    if (!seen.has(key)) seen.set(key, needle);
  }
  return [...seen.values()];
}
