import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canaryKey } from "@bureau/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createEmulator, type Emulator, type EmulatorOptions } from "./emulator.ts";

async function emulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const cloud = await createEmulator(options);
  onTestFinished(() => cloud.close());
  return cloud;
}

function send(cloud: Emulator, method: string, path: string, body?: unknown) {
  return fetch(cloud.url + path, {
    method,
    headers: { authorization: `Bearer ${cloud.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function createVolume(cloud: Emulator, name = "data"): Promise<number> {
  const answer = await send(cloud, "POST", "/volumes", { ...volume, name });
  const { volume: created } = (await answer.json()) as { volume: { id: number } };
  return created.id;
}

const volume = { name: "data", size: 10, location: "fsn1" };
const failure = (answer: Promise<Response>) =>
  answer.then(
    ({ status }) => status,
    () => "no answer",
  );

describe("a fault", () => {
  test("with an error code answers it as the API would, once", async () => {
    const cloud = await emulator();
    cloud.failNext({ method: "POST", path: "/volumes", error: "no_space_left_in_location" });
    expect((await send(cloud, "GET", "/volumes")).status).toBe(200);
    const answer = await send(cloud, "POST", "/volumes", volume);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { code: "no_space_left_in_location" } });
    expect((await send(cloud, "POST", "/volumes", volume)).status).toBe(201);
  });

  test("with a status answers what is no JSON, as often as it is told", async () => {
    const cloud = await emulator();
    cloud.failNext({ path: /^\/vol/, status: 502, times: 2 });
    for (const expected of [502, 502, 200]) {
      const answer = await send(cloud, "GET", "/volumes");
      expect(answer.status).toBe(expected);
      await answer.text();
    }
  });

  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("that cuts the connection %s the effect leaves %i volumes", async (cut, count) => {
    const cloud = await emulator();
    cloud.failNext({ method: "POST", path: "/volumes", cut });
    expect(await failure(send(cloud, "POST", "/volumes", volume))).toBe("no answer");
    expect(cloud.snapshot().volumes).toHaveLength(count);
  });

  test("with a timeout answers nothing, and closing ends the connection", async () => {
    const cloud = await createEmulator();
    cloud.failNext({ path: "/volumes", timeout: true });
    const answer = failure(send(cloud, "GET", "/volumes"));
    await expect.poll(() => cloud.requests()).toHaveLength(1);
    await cloud.close();
    expect(await answer).toBe("no answer");
    expect(cloud.requests()[0]?.status).toBeUndefined();
  });
});

test("a reset empties the cloud, its record and its faults, and starts ids again", async () => {
  const cloud = await emulator({ actions: "realistic" });
  const first = await createVolume(cloud);
  cloud.failNext({ path: "/volumes", error: "unavailable" });
  cloud.reset();
  expect(cloud.requests()).toEqual([]);
  expect(cloud.snapshot().volumes).toEqual([]);
  expect(await createVolume(cloud)).toBe(first);
});

test("a reset unlocks what takes the ids of what was locked", async () => {
  const cloud = await emulator({ actions: "realistic" });
  const address = { name: "address", type: "ipv4", location: "fsn1" };
  const path = "/primary_ips/1001";
  await send(cloud, "POST", "/primary_ips", address);
  await send(cloud, "POST", `${path}/actions/change_protection`, { delete: false });
  expect((await send(cloud, "DELETE", path)).status).toBe(423);
  cloud.reset();
  await send(cloud, "POST", "/primary_ips", address);
  expect((await send(cloud, "DELETE", path)).status).toBe(204);
});

test("a snapshot is a copy", async () => {
  const cloud = await emulator();
  await send(cloud, "POST", "/volumes", volume);
  const snapshot = cloud.snapshot();
  snapshot.volumes.pop();
  expect(cloud.snapshot().volumes).toHaveLength(1);
});

test.each(["0.0.0.0", "192.0.2.1", "::", "example.com", "127.example.com"])(
  "%s is refused as a host",
  async (host) => {
    await expect(createEmulator({ host })).rejects.toThrow("loopback only");
  },
);

describe("a state file", () => {
  function stateFile(): string {
    const dir = mkdtempSync(join(tmpdir(), "bureau-emulator-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    return join(dir, "cloud.json");
  }

  test("brings the cloud back, ids going on, for its owner's eyes only", async () => {
    const stateFilePath = stateFile();
    const key = canaryKey("openai");
    const before = await createEmulator({ stateFile: stateFilePath });
    await send(before, "POST", "/volumes", volume);
    await send(before, "POST", "/servers", {
      name: "alice",
      server_type: "cx23",
      image: "debian-13",
      user_data: key,
    });
    await before.close();
    expect(statSync(stateFilePath).mode & 0o777).toBe(0o600);
    expect(readFileSync(stateFilePath, "utf8")).not.toContain(key);

    const after = await emulator({ stateFile: stateFilePath });
    expect(after.snapshot()).toEqual(before.snapshot());
    const known = before.snapshot().volumes[0]?.id ?? 0;
    expect(await createVolume(after, "more")).toBeGreaterThan(known);
  });

  test("is written at a change, not only at the end", async () => {
    const path = stateFile();
    const cloud = await emulator({ stateFile: path });
    await send(cloud, "POST", "/volumes", volume);
    await expect.poll(() => readState(path)?.volumes).toHaveLength(1);
  });

  test("that holds something else is refused and left alone", async () => {
    const path = stateFile();
    writeFileSync(path, '{"volumes":[]}');
    await expect(createEmulator({ stateFile: path })).rejects.toThrow("holds no emulator state");
    expect(readFileSync(path, "utf8")).toBe('{"volumes":[]}');
  });
});

function readState(path: string): { volumes: unknown[] } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
