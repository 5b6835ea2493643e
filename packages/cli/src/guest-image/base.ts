import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianPackages, extraAuthorities, leftOut, suite } from "./recipe.ts";
import { runOrFail } from "./run.ts";

/** Makes `DIR/rootfs`: Debian 13 from packages, as a cloud's image would be before its first boot. */
export async function makeBase(dir: string): Promise<void> {
  const rootfs = join(dir, "rootfs");
  await runOrFail("mmdebstrap", [
    "--quiet",
    "--variant=minbase",
    "--mode=root",
    "--skip=cleanup/apt/lists",
    "--dpkgopt=force-unsafe-io",
    ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--include=${debianPackages.join(",")}`,
    suite,
    rootfs,
  ]);
  await trustAuthorities(rootfs);
  asBeforeFirstBoot(rootfs);
}

async function trustAuthorities(rootfs: string): Promise<void> {
  const authorities = extraAuthorities();
  const folder = join(rootfs, "usr/local/share/ca-certificates");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of authorities) writeFileSync(join(folder, name), text);
  if (authorities.size > 0) await runOrFail("chroot", [rootfs, "update-ca-certificates"]);
}

/** What a boot makes anew for each machine. */
function asBeforeFirstBoot(rootfs: string): void {
  for (const name of ["etc/hostname", "etc/resolv.conf", "etc/machine-id"])
    rmSync(join(rootfs, name), { force: true });
  writeFileSync(join(rootfs, "etc/machine-id"), "");
  writeFileSync(join(rootfs, "etc/hostname"), "");
  for (const kind of ["rsa", "ecdsa", "ed25519"])
    for (const end of ["", ".pub"])
      rmSync(join(rootfs, `etc/ssh/ssh_host_${kind}_key${end}`), { force: true });
}
