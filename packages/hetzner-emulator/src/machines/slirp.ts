import { spawn } from "node:child_process";
import { once } from "node:events";

/** The way out to other networks of that process's, which does not lead to this machine's loopback. */
export async function startSlirp(pid: number): Promise<{ end(): Promise<void> }> {
  const slirp = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "slirp4netns", "--configure", "--mtu=1500"],
      ...["--disable-host-loopback", "--netns-type=path", "--ready-fd=3"],
      ...[`/proc/${pid}/ns/net`, "tap0"],
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe"], env: { PATH: process.env.PATH } },
  );
  const exited = once(slirp, "exit");
  const ready = slirp.stdio[3];
  if (ready) await once(ready, "data");
  return {
    async end() {
      slirp.kill("SIGTERM");
      await exited;
    },
  };
}
