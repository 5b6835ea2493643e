import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { machineRegistry } from "@bureau/cli";
import { createDesk, type GuestDesk } from "../src/guest-desk.ts";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import type { Row } from "./measure.ts";

/** A desk in a container: from its creation to an answer, what it takes, and what its broker costs. */
export async function deskFromBoot(): Promise<Row[]> {
  const baked = await withWorld(true, async (world) => {
    const { desk, rows, answered } = await fromBoot(world, "prebaked");
    return { rows: [...rows, await idleMemory(desk), ...(await broker(desk))], answered };
  });
  const bare = await withWorld(false, (world) => fromBoot(world, "bare image"));
  return [
    ...baked.rows,
    ...bare.rows,
    {
      name: "first answer, bare image against prebaked",
      value: bare.answered / baked.answered,
      unit: "ratio",
      detail: `${bare.answered.toFixed(1)} s / ${baked.answered.toFixed(1)} s`,
    },
  ];
}

async function withWorld<T>(
  prebaked: boolean,
  work: (world: GuestWorld) => Promise<T>,
): Promise<T> {
  const world = await createGuestWorld({ prebaked, outbound: !prebaked });
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

async function fromBoot(world: GuestWorld, image: string) {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const desk = await createDesk(world, {
    args: {
      provider: { name: "anthropic", apiKey: world.keys.anthropic },
      agent: { registry: await machineRegistry() },
    },
  });
  await desk.until("SSH", "systemctl -q is-active ssh.service");
  const ssh = seconds();
  await desk.until("the gateway", "systemctl -q is-active desk-agent", 900);
  const ready = seconds();
  await desk.chat("Good morning.");
  const answered = seconds();
  const row = (what: string, value: number): Row => ({
    name: `server created to ${what}, ${image}`,
    value: Number(value.toFixed(1)),
    unit: "seconds",
    detail: "container, this machine",
  });
  const rows = [row("SSH", ssh), row("gateway ready", ready), row("first answer", answered)];
  return { desk, rows, answered };
}

const idleMs = 20_000;

async function idleMemory(desk: GuestDesk): Promise<Row> {
  await delay(idleMs);
  const script =
    "cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk '/^Pss:/ { sum += $2 } END { print int(sum / 1024) }'";
  return {
    name: "memory of the idle guest",
    value: Number(await desk.ok(script)),
    unit: "MiB",
    detail: "PSS of all its processes, 20 s after an answer",
  };
}

const calls = 300;
const streams = 100;

/** Runs in the guest: the same request to the provider itself and through the broker. */
const probe = `
import http.client, json, ssl, threading, time
key = open("/etc/desk/secrets/provider-key").read().strip()
token = open("/run/desk/secrets/broker-token").read().strip()
def times(connection, path, header):
    taken = []
    for _ in range(${calls}):
        start = time.perf_counter()
        connection.request("GET", path, headers={"x-api-key": header})
        connection.getresponse().read()
        taken.append((time.perf_counter() - start) * 1000)
        time.sleep(0.05)  # below the broker's rate limit
    taken.sort()
    return {"median": taken[len(taken) // 2], "p99": taken[int(len(taken) * 0.99)]}
context = ssl.create_default_context()
direct = times(http.client.HTTPSConnection("api.anthropic.com", context=context), "/v1/models", key)
brokered = times(http.client.HTTPConnection("127.0.0.1", 18900), "/llm/v1/models", token)
whole = []
def stream():
    connection = http.client.HTTPConnection("127.0.0.1", 18900, timeout=60)
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "[slow 50]"}]})
    connection.request("POST", "/llm/v1/messages", body, {"x-api-key": token, "content-type": "application/json"})
    if b"message_stop" in connection.getresponse().read(): whole.append(1)
start = time.perf_counter()
threads = [threading.Thread(target=stream) for _ in range(${streams})]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps({"direct": direct, "brokered": brokered, "streams": len(whole), "seconds": time.perf_counter() - start}))
`;

interface Probed {
  readonly direct: Latency;
  readonly brokered: Latency;
  readonly streams: number;
  readonly seconds: number;
}
interface Latency {
  readonly median: number;
  readonly p99: number;
}

async function broker(desk: GuestDesk): Promise<Row[]> {
  const { direct, brokered, ...sustained } = JSON.parse(
    await desk.ok("python3 -", { input: probe }),
  ) as Probed;
  const added = (of: keyof Latency): Row => ({
    name: `latency that the broker adds, ${of}`,
    value: Number((brokered[of] - direct[of]).toFixed(2)),
    unit: "ms",
    detail: `${brokered[of].toFixed(2)} ms, a new TLS connection each / ${direct[of].toFixed(2)} ms on one kept alive; ${calls} calls`,
  });
  return [
    added("median"),
    added("p99"),
    {
      name: "streams at once through the broker",
      value: sustained.streams,
      unit: "streams",
      detail: `whole, of ${streams} with 50 events 100 ms apart, in ${sustained.seconds.toFixed(1)} s`,
    },
  ];
}
