import { describe, expect, test } from "vitest";
import { made, serverBody, testCloud } from "./testing/in-process.ts";

const volumeBody = { name: "data", size: 10, location: "fsn1" };

const failed = {
  status: "error",
  progress: 60,
  error: { code: "action_failed", message: "Action failed" },
};

describe("a realistic action", () => {
  test("runs, progresses and ends with the clock, its resource locked meanwhile", async () => {
    const cloud = testCloud({ actions: "realistic" });
    const { volume, action } = await made(cloud, "/volumes", volumeBody);
    expect(action).toMatchObject({ status: "running", progress: 0, finished: null });
    expect(volume.status).toBe("creating");
    const look = async () => (await cloud.call("GET", `/actions?id=${action.id}`)).body.actions[0];

    cloud.wait(400);
    expect(await look()).toMatchObject({ status: "running", progress: 50 });
    const locked = await cloud.call("DELETE", `/volumes/${volume.id}`);
    expect([locked.status, locked.body.error.code]).toEqual([423, "locked"]);

    cloud.wait(400);
    expect(await look()).toMatchObject({
      status: "success",
      progress: 100,
      finished: "2026-11-24T00:00:00.800Z",
    });
    expect((await cloud.call("DELETE", `/volumes/${volume.id}`)).status).toBe(204);
  });

  test("keeps a server locked until the longest of its actions is done", async () => {
    const cloud = testCloud({ actions: "realistic" });
    const { server } = await made(cloud, "/servers", serverBody);
    expect(server).toMatchObject({ status: "initializing", locked: true });
    cloud.wait(1500);
    const off = () => cloud.call("POST", `/servers/${server.id}/actions/poweroff`);
    expect((await off()).status).toBe(423);
    cloud.wait(1000);
    expect((await off()).status).toBe(201);
  });
});

describe("an action that fails", () => {
  test("is seen running first when actions are instant, then failed at 60 %", async () => {
    const cloud = testCloud();
    cloud.context.faults.add({ path: "/volumes", actionFails: true });
    const { action } = await made(cloud, "/volumes", volumeBody);
    expect(action).toMatchObject({ status: "running", progress: 60 });
    expect((await cloud.call("GET", `/actions/${action.id}`)).body.action).toMatchObject(failed);
  });

  test("takes 60 % of its time when actions are realistic, and unlocks", async () => {
    const cloud = testCloud({ actions: "realistic" });
    cloud.context.faults.add({ path: "/volumes", actionFails: true });
    const { action, volume } = await made(cloud, "/volumes", volumeBody);
    const look = async () => (await cloud.call("GET", `/actions/${action.id}`)).body.action;
    cloud.wait(479);
    expect(await look()).toMatchObject({ status: "running", progress: 59 });
    cloud.wait(1);
    expect((await cloud.call("DELETE", `/volumes/${volume.id}`)).status).toBe(204);
    expect(await look()).toMatchObject(failed);
  });

  test("changes nothing that was there before", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const { volume } = await made(cloud, "/volumes", volumeBody);
    cloud.context.faults.add({ path: /attach$/, actionFails: true });
    await made(cloud, `/volumes/${volume.id}/actions/attach`, { server: server.id });
    expect((await cloud.call("GET", `/volumes/${volume.id}`)).body.volume.server).toBeNull();
    cloud.context.faults.add({ method: "DELETE", path: "/servers", actionFails: true });
    await cloud.call("DELETE", `/servers/${server.id}`);
    const { body } = await cloud.call("GET", "/servers?name=alice");
    expect(body.servers).toMatchObject([{ id: server.id, status: "running" }]);
  });
});

test("asking for actions answers exactly those, and never all", async () => {
  const cloud = testCloud();
  const first = (await made(cloud, "/volumes", volumeBody)).action.id;
  const second = (await made(cloud, "/volumes", { ...volumeBody, name: "more" })).action.id;
  const ids = async (query: string) =>
    (await cloud.call("GET", `/actions?${query}`)).body.actions.map(({ id }: { id: number }) => id);
  expect(await ids(`id=${second}&id=${first}&page=1&sort=status&sort=id`)).toEqual([first, second]);
  expect(await ids("id=1")).toEqual([]);
  expect((await cloud.call("GET", "/actions")).status).toBe(422);
});
