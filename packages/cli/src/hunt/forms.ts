import { inflateAll } from "./inflate.ts";
import { alphabet, runs, runsWith } from "./runs.ts";
import { unescapeJson, unescapePercent } from "./unescape.ts";

/** Something that a form was undone in; undefined data is what was too large to be searched. */
export interface Decoded {
  readonly form: string;
  readonly data: Buffer | undefined;
}

/** A way to write bytes that hides them from a plain search. */
export interface Form {
  readonly names: readonly string[];
  /** What comes out has all that went in and was not in this form. */
  readonly repeats: boolean;
  /** Every piece of a buffer that may be in this form, decoded; shorter ones than `shortest` bytes not. */
  decode(data: Buffer, shortest: number): Iterable<Decoded>;
}

const base64Characters = alphabet(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_",
);
const hexCharacters = alphabet("0123456789abcdefABCDEF");

/** All but control characters; what is written in escapes is text. */
const textCharacters = new Uint8Array(256).fill(1, 0x20).fill(0, 0x7f, 0x80).fill(1, 0x09, 0x0e);

const base64: Form = {
  names: ["base64"],
  repeats: false,
  *decode(data, shortest) {
    // The characters at both ends share their bits with neighbours: two may be missing.
    for (const run of runs(data, base64Characters, Math.floor((shortest * 4) / 3))) {
      const text = run.toString("latin1");
      // What stands before the secret may be any number of characters of the same alphabet.
      for (let shift = 0; shift < 4; shift += 1) {
        yield { form: "base64", data: Buffer.from(text.slice(shift), "base64") };
      }
    }
  },
};

const hex: Form = {
  names: ["hex"],
  repeats: false,
  *decode(data, shortest) {
    for (const run of runs(data, hexCharacters, shortest * 2)) {
      const text = run.toString("latin1");
      for (const shift of [0, 1])
        yield { form: "hex", data: Buffer.from(text.slice(shift), "hex") };
    }
  },
};

const compressed: Form = {
  names: ["gzip", "zlib"],
  repeats: false,
  decode: inflateAll,
};

const utf16: Form = {
  names: ["UTF-16"],
  repeats: false,
  *decode(data, shortest) {
    if (!data.includes(0)) return;
    for (const [text] of data.toString("latin1").matchAll(/(?:[^\0]\0){4,}[^\0]?/g)) {
      if (text.length < shortest * 2 - 1) continue;
      // Without the zero bytes both byte orders read the same.
      yield { form: "UTF-16", data: Buffer.from(text.replaceAll("\0", ""), "latin1") };
    }
  },
};

const json = escapes("JSON escapes", 0x5c, unescapeJson);
const percent = escapes("percent escapes", 0x25, unescapePercent);

function escapes(name: string, mark: number, undo: (text: Buffer) => Buffer | undefined): Form {
  return {
    names: [name],
    repeats: true,
    *decode(data, shortest) {
      for (const run of runsWith(data, textCharacters, mark)) {
        if (run.length < shortest) continue;
        const text = undo(run);
        if (text !== undefined) yield { form: name, data: text };
      }
    },
  };
}

/** All that the hunt looks through, each inside each other. */
export const forms: readonly Form[] = [compressed, base64, hex, utf16, json, percent];
