import { spawn } from "node:child_process";
import { once } from "node:events";
import { gateway, type Network, serverAddress } from "./network.ts";
import { run } from "./run.ts";
import { outboundDevice, startSlirp } from "./slirp.ts";

/** The network card's other end, in the namespace of the server's network. */
export const tapDevice = "eth0";

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
  try {
    const commands = [makeTap, ...(outbound ? [letOut] : [])].join("\n");
    await run("nsenter", [...within, "sh", "-ec", commands]);
  } catch (error) {
    await slirp?.end();
    throw error;
  }
  const dhcp = spawn("nsenter", [...within, "setpriv", "--pdeathsig", "KILL", ...dnsmasq], {
    detached: true,
    stdio: "ignore",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  const exited = once(dhcp, "exit");
  return {
    async close() {
      dhcp.kill("SIGTERM");
      await exited;
      await slirp?.end();
    },
  };
}

const makeTap = `
ip tuntap add ${tapDevice} mode tap
ip addr add ${gateway}/16 dev ${tapDevice}
ip -6 addr add fe80::a9fe:a9fe/64 dev ${tapDevice} nodad
ip link set ${tapDevice} up`;

/** The server's packets leave with the address that slirp4netns knows. */
const letOut = `
echo 1 > /proc/sys/net/ipv4/ip_forward
nft 'table ip outbound { chain leaving { type nat hook postrouting priority 100; oifname "${outboundDevice}" masquerade; }; }'`;

const dnsmasq = [
  ...["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--leasefile-ro"],
  // It would set another user, and with that forget to end when the emulator does.
  ...["--user=root", "--group=root"],
  ...[
    `--interface=${tapDevice}`,
    "--bind-interfaces",
    "--port=0",
    "--no-ping",
    "--dhcp-authoritative",
  ],
  `--dhcp-range=${serverAddress},${serverAddress},255.255.0.0,infinite`,
  ...[`--dhcp-option=option:router,${gateway}`, `--dhcp-option=option:dns-server,${gateway}`],
];
