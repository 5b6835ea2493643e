import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { gateway, type Network, serverAddress } from "./network.ts";
import { run } from "./run.ts";
import { startSlirp } from "./slirp.ts";

/** The network card's other end, in the namespace of the server's network. */
export const tap = "eth0";

/**
 * The server's link to its network: a tap device where a container has a veth pair, and DHCP, which a
 * virtual machine asks for its address.
 */
export async function openLink(
  network: Network,
  outbound: boolean,
): Promise<{ close(): Promise<void> }> {
  const within = ["-t", String(network.pid), "-n"];
  const slirp = outbound ? await startSlirp(network.pid) : undefined;
  await run("nsenter", [
    ...within,
    "sh",
    "-ec",
    [makeTap, ...(outbound ? [letOut] : [])].join("\n"),
  ]);
  const dhcp = spawn("nsenter", [...within, "setpriv", "--pdeathsig", "KILL", ...dnsmasq], {
    stdio: "ignore",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  return {
    async close() {
      await endProcess(dhcp);
      await slirp?.end();
    },
  };
}

const makeTap = `
ip tuntap add ${tap} mode tap
ip addr add ${gateway}/16 dev ${tap}
ip -6 addr add fe80::a9fe:a9fe/64 dev ${tap} nodad
ip link set ${tap} up`;

/** The server's packets leave with the address that slirp4netns knows. */
const letOut = `
echo 1 > /proc/sys/net/ipv4/ip_forward
nft 'table ip outbound { chain leaving { type nat hook postrouting priority 100; oifname "tap0" masquerade; }; }'`;

const dnsmasq = [
  ...["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--leasefile-ro"],
  // It would set another user, and with that forget to end when the emulator does.
  ...["--user=root", "--group=root"],
  ...[`--interface=${tap}`, "--bind-interfaces", "--port=0", "--no-ping", "--dhcp-authoritative"],
  `--dhcp-range=${serverAddress},${serverAddress},255.255.0.0,infinite`,
  ...[`--dhcp-option=option:router,${gateway}`, `--dhcp-option=option:dns-server,${gateway}`],
];

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}
