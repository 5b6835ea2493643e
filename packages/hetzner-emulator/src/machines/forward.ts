import { createServer, type Server as TcpServer } from "node:net";
import type { Network } from "./network.ts";

export interface Forwarding {
  close(): void;
}

const milliseconds = 100;

export interface ForwardOptions {
  /** Those that are open just now. */
  readonly ports: () => readonly number[];
  readonly allows: (port: number, source: string) => boolean;
  readonly problem: (message: string) => void;
}

/**
 * Makes a server's ports reachable at its own loopback address, for whom the firewall lets in. Others
 * are accepted and dropped, since loopback cannot ignore them.
 */
export function forwardPorts(
  address: string,
  network: Network,
  { ports: open, allows, problem }: ForwardOptions,
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
    const ports = new Set(open());
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
