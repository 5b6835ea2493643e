import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestFile } from "@bureau/desk";
import { runOrFail } from "./run.ts";

/** Makes `DIR/rootfs`: the base, with what a desk would install at its first boot. */
export async function makePrebaked(
  dir: string,
  base: string,
  files: readonly GuestFile[],
): Promise<void> {
  const rootfs = join(dir, "rootfs");
  await runOrFail("cp", ["-a", "--reflink=auto", join(base, "rootfs"), rootfs]);
  for (const { path, permissions, content } of files) {
    mkdirSync(join(rootfs, path, ".."), { recursive: true });
    writeFileSync(join(rootfs, path), content, { mode: Number.parseInt(permissions, 8) });
  }
  copyFileSync("/etc/resolv.conf", join(rootfs, "etc/resolv.conf"));
  await runOrFail("chroot", [rootfs, "systemctl", "mask", "nginx.service"]);
  await runOrFail("chroot", [
    rootfs,
    ...["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "desk-install"],
  ]);
  // With a /proc and a /dev of its own, and no init: services do not start.
  await runOrFail("unshare", [
    ...["--mount", "--pid", "--fork", `--mount-proc=${rootfs}/proc`],
    ...["chroot", rootfs, "sh", "-c", inChroot],
  ]);
  // The desk brings its own files; only what they install stays.
  for (const { path } of files) rmSync(join(rootfs, path));
  rmSync(join(rootfs, "etc/resolv.conf"));
}

const inChroot = `
set -eu
printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
MAX_DELAY=20 /usr/local/lib/desk/install
rm /usr/sbin/policy-rc.d
`;
