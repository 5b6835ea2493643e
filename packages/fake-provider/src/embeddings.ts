import { createHash } from "node:crypto";

const nativeDimensions: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 1536,
  "text-embedding-3-large": 3072,
  "text-embedding-ada-002": 1536,
};
const otherDimensions = 1536;

export function dimensionsOf(model: string): number {
  return nativeDimensions[model.split("/").at(-1) ?? ""] ?? otherDimensions;
}

/**
 * A unit vector of the text's words, each hashed to a dimension and a sign: equal for equal texts, and
 * near for texts that share words. It knows no meaning.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["(none)"]) {
    const hash = createHash("sha256").update(word).digest();
    const index = hash.readUInt32LE(0) % dimensions;
    vector[index] = (vector[index] ?? 0) + (hash.readUInt8(4) & 1 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  // Two words may cancel each other out.
  if (length === 0) return embed("(none)", dimensions);
  return vector.map((value) => value / length);
}

/** As the APIs send it where `encoding_format` is base64: 32-bit floats, little-endian. */
export function toBase64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString("base64");
}
