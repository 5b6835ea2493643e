import { readFileSync } from "node:fs";
import { z } from "zod";

const eventSchema = z.object({
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()) }).optional(),
});

/** How many resources a preview would change, from the engine's event log (one JSON value a line). */
export function countChanges(eventLog: string): number {
  const summaries = eventLog
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => eventSchema.parse(JSON.parse(line)).summaryEvent)
    .filter((summary) => summary !== undefined);
  const changes = summaries.at(-1)?.resourceChanges;
  if (changes === undefined)
    throw new Error("the engine's event log holds no summary of the preview");
  return Object.entries(changes)
    .filter(([operation]) => operation !== "same" && operation !== "read")
    .reduce((total, [, count]) => total + count, 0);
}

export function readChanges(file: string): number {
  return countChanges(readFileSync(file, "utf8"));
}
