import { z } from "zod";
import type { FirewallRule } from "../model.ts";

const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const ruleSchema = z
  .object({
    direction: z.enum(["in", "out"]),
    protocol: z.enum(["tcp", "udp", "icmp", "esp", "gre"]),
    port: z.string().refine(isPortRange, "is not a port or range of ports").nullish(),
    source_ips: z.array(cidr).max(100).nullish(),
    destination_ips: z.array(cidr).max(100).nullish(),
    description: z.string().max(255).nullish(),
  })
  .superRefine((rule, context) => {
    const needsPort = rule.protocol === "tcp" || rule.protocol === "udp";
    if (needsPort !== (typeof rule.port === "string")) {
      context.addIssue({
        code: "custom",
        path: ["port"],
        message: needsPort ? "is required" : "is not allowed",
      });
    }
    const side = rule.direction === "in" ? "source_ips" : "destination_ips";
    if ((rule[side] ?? []).length === 0) {
      context.addIssue({ code: "custom", path: [side], message: "is required for this direction" });
    }
  });

/** Rules as clients send them; each must say what its direction and protocol need. */
export const rulesSchema = z.array(ruleSchema).max(50);

function isPortRange(text: string): boolean {
  if (text === "any") return true;
  if (!/^\d{1,5}(-\d{1,5})?$/.test(text)) return false;
  const [from = 0, to = from] = text.split("-").map(Number);
  return from >= 1 && from <= to && to <= 65_535;
}

export function toRule(rule: z.output<typeof ruleSchema>): FirewallRule {
  return {
    direction: rule.direction,
    protocol: rule.protocol,
    port: rule.port ?? null,
    source_ips: rule.source_ips ?? [],
    destination_ips: rule.destination_ips ?? [],
    description: rule.description ?? null,
  };
}
