import { createEmulator } from "@bureau/hetzner-emulator";
import { best, type Row } from "./measure.ts";

const rounds = 200;

/** What 1,000 servers in the emulator cost against ten. */
export async function emulatorAtSize(): Promise<Row[]> {
  const few = await timings(10);
  const many = await timings(1000);
  return (["one server", "a page of 25", "a label selector"] as const).map((name, i) => ({
    name: `emulator, 1,000 servers against 10: ${name}`,
    value: (many[i] ?? Number.NaN) / (few[i] ?? Number.NaN),
    unit: "ratio",
    detail: `${((many[i] ?? 0) / rounds).toFixed(2)} ms / ${((few[i] ?? 0) / rounds).toFixed(2)} ms a request`,
  }));
}

async function timings(count: number): Promise<number[]> {
  const cloud = await createEmulator({ rateLimit: false });
  const call = async (path: string, body?: unknown) => {
    const response = await fetch(cloud.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  };
  try {
    for (let i = 0; i < count; i += 1) {
      await call("/servers", {
        name: `server-${i}`,
        server_type: "cx23",
        image: "debian-13",
        location: "fsn1",
        labels: { shard: String(i % 10) },
        public_net: { enable_ipv4: false, enable_ipv6: true },
      });
    }
    const last = cloud.snapshot().servers.at(-1)?.id;
    const paths = [
      `/servers/${last}`,
      "/servers?per_page=25",
      "/servers?label_selector=shard%3D3&per_page=1",
    ];
    const times: number[] = [];
    for (const path of paths) {
      times.push(
        await best(3, async () => {
          for (let round = 0; round < rounds; round += 1) await call(path);
        }),
      );
    }
    return times;
  } finally {
    await cloud.close();
  }
}
