/** A shell's test of whether the scrub has run since the boot, and found nothing that it left. */
export const scrubbed =
  'test "$(systemctl show -P ExecMainExitTimestampMonotonic desk-scrub)" != 0 && ' +
  "systemctl show -P Result desk-scrub | grep -qx success";
