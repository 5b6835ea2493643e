import { expect, test, vi } from "vitest";
import { duration, startProgress } from "./progress.ts";

test.each([
  [0, "0 s"],
  [1_400, "1 s"],
  [59_600, "1 min 0 s"],
  [95_000, "1 min 35 s"],
  [600_000, "10 min 0 s"],
])("%d ms is %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test("says at intervals what is built and for how long already, and stops", () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const progress = startProgress({ title: "the engine", usually: "4 minutes" }, (line) =>
    lines.push(line),
  );
  progress.step("the CLI");
  for (const line of ["go: downloading a v1", "b/c", "# error in b/c", ""]) progress.line(line);
  vi.advanceTimersByTime(30_000);
  progress.done();
  progress.stop();
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  expect(lines).toEqual([
    "building the engine from Go modules; the first time takes about 4 minutes",
    "building the engine: the CLI, 15 s so far (modules downloaded: 1, packages compiled: 1)",
    "building the engine: the CLI, 30 s so far (modules downloaded: 1, packages compiled: 1)",
    "built the engine in 30 s",
  ]);
});
