import type { Problem } from "./problem.ts";
import { quoted } from "./quoted.ts";

/** RFC 1123 label; Hetzner takes it as a server's name, and `-firewall` and the like are added to it. */
const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** The longest suffix is `-firewall`; volume names are limited to 64 characters. */
const maximumLength = 54;

export function hostnameProblem(hostname: string): Problem | undefined {
  const remedy = "Use lower-case letters, digits and hyphens, with a letter or digit at both ends.";
  if (!label.test(hostname)) return { rule: `must be a host name, is ${quoted(hostname)}`, remedy };
  if (hostname.length > maximumLength) {
    return {
      rule: `must be at most ${maximumLength} characters long, is ${hostname.length}`,
      remedy: "Use a shorter one.",
    };
  }
  return undefined;
}
