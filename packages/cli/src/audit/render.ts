import type { AuditReport } from "./audit.ts";

/** What was searched and what was found; never a secret. */
export function renderAudit(report: AuditReport): string {
  const searched =
    `leak hunt: ${report.secrets} secrets in ${report.files} files and ${report.bytes} bytes, ` +
    `${report.streams} compressed streams opened`;
  return [
    searched,
    `  searched: ${report.places.join(", ")}`,
    ...report.skipped.map(({ path, why }) => `  not searched (${why}): ${path}`),
    ...report.unreadable.map((path) => `  could not be read: ${path}`),
    ...report.notes.map((note) => `  ${note}`),
    ...report.findings.map(
      ({ place, file, form, secret }) => `  LEAK in ${place}: ${file}: ${secret}, ${form}`,
    ),
    report.findings.length === 0 ? "  found: nothing" : `  found: ${report.findings.length}`,
    "",
  ].join("\n");
}
