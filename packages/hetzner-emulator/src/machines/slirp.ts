import { spawn } from "node:child_process";
import { once } from "node:events";

export const outboundDevice = "tap0";

/** The way out to other networks of that process's, which does not lead to this machine's loopback. */
export async function startSlirp(pid: number): Promise<{ end(): Promise<void> }> {
  const slirp = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "slirp4netns", "--configure", "--mtu=1500"],
      ...["--disable-host-loopback", "--netns-type=path", "--ready-fd=3"],
      ...[`/proc/${pid}/ns/net`, outboundDevice],
    ],
    {
      detached: true, // a terminal's Ctrl-C is for the emulator, which ends it in its turn
      stdio: ["ignore", "ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH },
    },
  );
  const exited = once(slirp, "exit");
  const ready = slirp.stdio[3];
  const tooEarly = exited.then(() => {
    throw new Error("slirp4netns ended before it was ready");
  });
  if (ready) await Promise.race([once(ready, "data"), tooEarly]);
  tooEarly.catch(() => undefined); // from now on its end is its own affair
  return {
    async end() {
      slirp.kill("SIGTERM");
      await exited;
    },
  };
}
