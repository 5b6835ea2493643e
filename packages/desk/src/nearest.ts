import { distance } from "fastest-levenshtein";

/** Half the letters wrong is another word, not a slip. */
const tolerance = 0.5;

/** The known names closest to what was written, best first; none where nothing comes near. */
export function nearestOf(written: string, known: readonly string[], count: number): string[] {
  return known
    .map((name) => ({ name, far: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(written.length, name.length) * tolerance)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

export function nearest(written: string, known: readonly string[]): string | undefined {
  return nearestOf(written, known, 1)[0];
}
