import { performance } from "node:perf_hooks";

/** One line of the benchmark: a ratio of two things measured in the same run, or a count. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ratio" | "requests" | "bytes" | "share" | "seconds" | "ms" | "MiB" | "streams";
  /** What was divided by what, or what is counted, with the figures behind it. */
  readonly detail: string;
}

/** Best time of some runs, in milliseconds: the least disturbed one. */
export async function best(runs: number, work: (run: number) => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work(run);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

export function ratio(
  name: string,
  [a, what]: [number, string],
  [b, against]: [number, string],
): Row {
  return {
    name,
    value: a / b,
    unit: "ratio",
    detail: `${what} ${Math.round(a)} ms / ${against} ${Math.round(b)} ms`,
  };
}

export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, detail }) => [
    name,
    unit === "ratio" || unit === "share" ? value.toFixed(2) : String(value),
    unit,
    detail,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...cells.map((row) => (row[column] ?? "").length)),
  );
  return cells
    .map((row) =>
      row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell)).join("  "),
    )
    .join("\n");
}
