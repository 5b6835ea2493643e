import { readFileSync } from "node:fs";
import { createServer, type Server as TcpServer } from "node:net";
import type { Network } from "./network.ts";
import { listeningPorts } from "./ports.ts";

export interface Forwarding {
  close(): void;
}

const milliseconds = 100;

/**
 * Makes the ports that a container listens on reachable at the server's own loopback address, for whom
 * the firewall lets in. Others are accepted and dropped, since loopback cannot ignore them.
 */
export function forwardPorts(
  address: string,
  container: { readonly leader: number },
  network: Network,
  allows: (port: number, source: string) => boolean,
  problem: (message: string) => void,
): Forwarding {
  const listeners = new Map<number, TcpServer>();

  function listen(port: number): TcpServer {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      if (allows(port, socket.remoteAddress ?? "")) network.letIn(socket, port);
      else socket.resetAndDestroy();
    });
    server.on("error", (error) => problem(`${address}:${port}: ${error.message}`));
    return server.listen(port, address);
  }

  function look(): void {
    const ports = new Set(
      ["tcp", "tcp6"].flatMap((table) => listeningPorts(readTable(container.leader, table))),
    );
    for (const port of ports) if (!listeners.has(port)) listeners.set(port, listen(port));
    for (const [port, server] of listeners) {
      if (ports.has(port)) continue;
      server.close();
      listeners.delete(port);
    }
  }

  const timer = setInterval(look, milliseconds);
  return {
    close() {
      clearInterval(timer);
      for (const server of listeners.values()) server.close();
    },
  };
}

/** The kernel's table in the network of that process; empty when it has ended. */
function readTable(pid: number, table: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${table}`, "utf8");
  } catch {
    return "";
  }
}
