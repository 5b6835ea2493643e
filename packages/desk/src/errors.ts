import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "./problem.ts";

/** One thing that is wrong with the args of a desk. */
export interface DeskIssue extends Problem {
  /** Where in DeskArgs: `["provider", "apiKey"]`. */
  readonly path: readonly (string | number)[];
}

/**
 * The args of a desk are not good. Every problem is listed, a line each; none holds a part of a key.
 *
 * @example
 * desk "alice": provider.apiKey: is empty; it must be a key of Anthropic. Make a key at ... and set it.
 */
export class DeskInputError extends pulumi.RunError {
  readonly issues: readonly DeskIssue[];

  constructor(desk: string, issues: readonly DeskIssue[]) {
    super(
      issues
        .map(({ path, rule, remedy }) => `desk "${desk}": ${joinPath(path)}: ${rule}. ${remedy}`)
        .join("\n"),
    );
    this.name = "DeskInputError";
    // Nothing in it helps the reader, and the SDK prints an error with util.inspect, which takes half
    // a minute over a stack that runs through the SDK's own sources on Node 22 (nodejs/node#64011).
    this.stack = "";
    this.issues = issues;
  }
}

/** `access.ssh.allowFrom[0]` */
export function joinPath(path: readonly (string | number)[]): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${part}`))
    .join("");
}
