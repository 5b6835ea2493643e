// The cloud's and the world's side of one server's network, as a process in a network namespace of its
// own: metadata service, name server, and the ends of connections that go in and out.
import { createSocket } from "node:dgram";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { answerQuery } from "./dns.ts";
import { join } from "./join.ts";
import type { FromWorld, ToWorld } from "./world-messages.ts";

const serverAddress = process.argv[2] ?? "";
const metadataAddresses = ["169.254.169.254", "fe80::a9fe:a9fe"];
let metadata: Readonly<Record<string, string>> = {};
let names: ReadonlyMap<string, string> = new Map();
const waiting = new Map<number, (addresses: string[] | undefined) => void>();

const say = (message: FromWorld, socket?: Socket) =>
  void process.send?.(message, socket, { keepOpen: false }, () => undefined);

process.on("message", (message: ToWorld, socket?: Socket) => {
  if (message.type === "configure") {
    metadata = message.metadata;
    names = new Map(message.names);
  } else if (message.type === "inbound") {
    if (socket !== undefined) join(socket, connect(message.port, serverAddress));
  } else {
    waiting.get(message.id)?.(message.addresses);
    waiting.delete(message.id);
  }
});
// Nothing of a server outlives the emulator.
process.on("disconnect", () => process.exit());

const metadataService = createServer((request: IncomingMessage, response: ServerResponse) => {
  const body = request.method === "GET" ? metadata[request.url ?? ""] : undefined;
  response.writeHead(body === undefined ? 404 : 200, { "content-type": "text/plain" });
  response.end(body ?? "not found\n");
});

for (const port of [80, 443]) {
  createTcpServer({ pauseOnConnect: true }, (socket) => {
    const address = (socket.localAddress ?? "").replace(/^::ffff:|%.*$/g, "");
    if (!metadataAddresses.includes(address)) say({ type: "outbound", address }, socket);
    else if (port === 80) {
      metadataService.emit("connection", socket);
      socket.resume();
    } else socket.destroy();
  }).listen(port, "::", ready);
}

let lastId = 0;
const names53 = createSocket("udp4");
names53.on("message", (message, { port, address }) => {
  const resolve = (name: string, type: "A" | "AAAA") =>
    new Promise<string[] | undefined>((done) => {
      lastId += 1;
      waiting.set(lastId, done);
      say({ type: "resolve", id: lastId, name, family: type === "A" ? 4 : 6 });
    });
  void answerQuery(message, names, resolve).then((answer) => {
    if (answer !== undefined) names53.send(answer, port, address);
  });
});
names53.bind(53, "0.0.0.0", ready);

let open = 0;
function ready(): void {
  open += 1;
  if (open === 3) say({ type: "ready" });
}
