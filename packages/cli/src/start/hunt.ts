import { existsSync } from "node:fs";
import { type AuditReport, auditStack } from "../audit/audit.ts";
import { checkout, type LocalFolder } from "./folder.ts";
import { type LocalPulumi, localStack, shellVariables } from "./pulumi.ts";

/** Hunts the local desk's secrets in everything that was written and printed. */
export function huntLocal(
  folder: LocalFolder,
  pulumi: LocalPulumi,
  printed: string,
): Promise<AuditReport> {
  return auditStack({
    pulumi: pulumi.run,
    env: shellVariables(folder),
    cwd: checkout,
    stack: localStack,
    dirs: [folder.dir],
    skip: existsSync(folder.machines)
      ? [{ path: folder.machines, why: "the cloud's side: disks and user data of its servers" }]
      : [],
    texts: [{ label: "console output", text: printed }],
  });
}
