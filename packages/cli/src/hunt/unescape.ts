const simple: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Text with its JSON escapes undone; undefined when it has none. */
export function unescapeJson(data: Buffer): Buffer | undefined {
  // Neighbours are taken together: half of a surrogate pair has no bytes of its own.
  return replaced(data, /((?:\\u[0-9a-fA-F]{4})+)|\\(["\\/bfnrt])/g, (codes, letter) =>
    codes === undefined
      ? (simple[letter ?? ""] ?? letter ?? "")
      : Buffer.from(fromCodes(codes)).toString("latin1"),
  );
}

function fromCodes(escapes: string): string {
  const units = escapes.slice(2).split("\\u");
  return units.map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join("");
}

/** Text with its percent escapes undone; undefined when it has none. */
export function unescapePercent(data: Buffer): Buffer | undefined {
  return replaced(data, /%([0-9a-fA-F]{2})/g, (hex) =>
    String.fromCharCode(Number.parseInt(hex ?? "", 16)),
  );
}

function replaced(
  data: Buffer,
  pattern: RegExp,
  replace: (...groups: (string | undefined)[]) => string,
): Buffer | undefined {
  let changed = false;
  // Latin-1 is one character a byte, so that all that is not an escape passes unchanged.
  const text = data.toString("latin1").replace(pattern, (_, ...groups: (string | undefined)[]) => {
    changed = true;
    return replace(...groups);
  });
  return changed ? Buffer.from(text, "latin1") : undefined;
}
