/** The oldest engine that the project is tested with. */
export const MINIMUM_VERSION = "3.259.0";

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: boolean;
}

/** Reads `v3.259.0`, `3.260.0-alpha.1` or `3.259.0+dirty`; undefined for anything else. */
function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease !== undefined,
  };
}

/** True when `text` is a version that is not older than `minimum`; a prerelease is older than its release. */
export function isAtLeast(text: string, minimum: string): boolean {
  const have = parseVersion(text);
  const want = parseVersion(minimum);
  if (have === undefined || want === undefined) return false;
  for (const [i, wanted] of want.numbers.entries()) {
    const number = have.numbers[i] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return want.prerelease || !have.prerelease;
}

/** `v3.259.0` -> `3.259.0`. */
export function withoutV(version: string): string {
  return version.trim().replace(/^v/, "");
}
