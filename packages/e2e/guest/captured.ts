/** A shell's test of whether the agent has put that many memories into its volume, ever. */
export function captured(count: number): string {
  return `test "$(cat /srv/desk/logs/openclaw*.log | grep -c auto-captured)" -ge ${count}`;
}
