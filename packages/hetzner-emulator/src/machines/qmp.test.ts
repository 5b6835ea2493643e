import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openQmp } from "./qmp.ts";

function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  const qmp = openQmp(input, output);
  const said = () => (input.read() as Buffer | null)?.toString() ?? "";
  const hear = (message: object) => void output.write(`${JSON.stringify(message)}\n`);
  hear({ QMP: { version: {}, capabilities: [] } });
  return { qmp, said, hear, end: () => output.end() };
}

test("a command is sent on a line of its own, and answered by its number, in any order", async () => {
  const { qmp, said, hear } = open();
  const first = qmp.execute("stop");
  const second = qmp.execute("device_del", { id: "a" });
  expect(
    said()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { execute: "stop", arguments: {}, id: 1 },
    { execute: "device_del", arguments: { id: "a" }, id: 2 },
  ]);
  hear({ id: 2, return: "two" });
  hear({ id: 1, return: {} });
  expect(await Promise.all([first, second])).toEqual([{}, "two"]);
});

test("an error is told in QEMU's own words", async () => {
  const { qmp, hear } = open();
  const answer = qmp.execute("device_del", { id: "a" });
  hear({ id: 1, error: { class: "DeviceNotFound", desc: "Device 'a' not found" } });
  await expect(answer).rejects.toThrow("QEMU: Device 'a' not found");
});

test("an event is told once, to whom it fits", async () => {
  const { qmp, hear } = open();
  const other = qmp.event("DEVICE_DELETED", ({ device }) => device === "b");
  const one = qmp.event("DEVICE_DELETED", ({ device }) => device === "a");
  hear({ event: "RESUME", timestamp: {} });
  hear({ event: "DEVICE_DELETED", data: { device: "a" } });
  hear({ event: "DEVICE_DELETED", data: { device: "b" } });
  expect(await one).toEqual({ device: "a" });
  expect(await other).toEqual({ device: "b" });
});

test("when QEMU ends, nothing is waited for any more", async () => {
  const { qmp, end } = open();
  const answer = qmp.execute("system_powerdown");
  const event = qmp.event("SHUTDOWN");
  end();
  await expect(answer).rejects.toThrow("QEMU has ended");
  expect(await event).toBeUndefined();
  await expect(qmp.execute("stop")).rejects.toThrow("QEMU has ended");
  expect(await qmp.event("SHUTDOWN")).toBeUndefined();
});
