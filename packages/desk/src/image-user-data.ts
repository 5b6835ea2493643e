import { stringify } from "yaml";
import { installFiles } from "./guest-files.ts";
import type { DeskSettings } from "./settings.ts";

/**
 * User data of a server that becomes a prebaked image: it installs what a desk with these settings
 * would install at its first boot, forgets that it was a server, and switches itself off. On a
 * failure it stays on. There is no secret in it.
 */
export function renderImageUserData(settings: DeskSettings): string {
  const files = installFiles(settings);
  const left = files.map(({ path }) => path).join(" ");
  const document = {
    users: [
      {
        name: "desk-install",
        system: true,
        shell: "/usr/sbin/nologin",
        lock_passwd: true,
        no_create_home: true,
      },
    ],
    ssh_pwauth: false,
    write_files: files.map((file) => ({ owner: "root:root", ...file })),
    runcmd: [["sh", "-ec", forget.replace("FILES", left)]],
  };
  return `#cloud-config\n${stringify(document, { version: "1.1", lineWidth: 0 })}`;
}

/** nginx is masked because its package would start it; each desk brings files and host keys of its own. */
const forget = `systemctl mask --quiet nginx.service
/usr/local/lib/desk/install
rm -f FILES /var/lib/desk/install-step /etc/ssh/ssh_host_*
cloud-init clean --logs --machine-id
sync
systemctl poweroff --no-block
`;
