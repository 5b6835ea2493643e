import { describe, expect, test } from "vitest";
import { made, serverBody, type TestCloud, testCloud } from "../testing/in-process.ts";

async function volumeIn(cloud: TestCloud, location: string, name = "data"): Promise<number> {
  return (await made(cloud, "/volumes", { name, size: 10, location })).volume.id;
}

describe("a volume", () => {
  test("made with a server is attached to it in its location", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", { ...serverBody, location: "nbg1" });
    const answer = await made(cloud, "/volumes", { name: "data", size: 10, server: server.id });
    expect(answer.volume).toMatchObject({ server: server.id, location: { name: "nbg1" } });
    expect(answer.next_actions).toMatchObject([{ command: "attach_volume" }]);
  });

  test("is attached only once, and only in its location", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const near = await volumeIn(cloud, "fsn1", "near");
    const far = await volumeIn(cloud, "hel1", "far");
    const attach = (id: number) =>
      cloud.call("POST", `/volumes/${id}/actions/attach`, { server: server.id });
    expect((await attach(far)).body.error.code).toBe("invalid_input");
    expect((await attach(near)).status).toBe(201);
    expect((await attach(near)).body.error.code).toBe("service_error");
    const { body } = await cloud.call("GET", `/servers/${server.id}`);
    expect(body.server.volumes).toEqual([near]);
  });

  test("that is attached cannot be deleted until it is detached", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const id = await volumeIn(cloud, "fsn1");
    await made(cloud, `/volumes/${id}/actions/attach`, { server: server.id });
    expect((await cloud.call("DELETE", `/volumes/${id}`)).status).toBe(422);
    await made(cloud, `/volumes/${id}/actions/detach`, {});
    expect((await cloud.call("DELETE", `/volumes/${id}`)).status).toBe(204);
    expect((await cloud.call("GET", `/volumes/${id}`)).status).toBe(404);
  });

  test.each([
    [5, 422],
    [10, 422],
    [11, 201],
    [10_241, 422],
  ])("of 10 GB resized to %i GB answers %i", async (size, status) => {
    const cloud = testCloud();
    const id = await volumeIn(cloud, "fsn1");
    expect((await cloud.call("POST", `/volumes/${id}/actions/resize`, { size })).status).toBe(
      status,
    );
  });

  test("that is protected is not deleted", async () => {
    const cloud = testCloud();
    const id = await volumeIn(cloud, "fsn1");
    await made(cloud, `/volumes/${id}/actions/change_protection`, { delete: true });
    const { status, body } = await cloud.call("DELETE", `/volumes/${id}`);
    expect([status, body.error.code]).toEqual([423, "protected"]);
  });

  test("keeps its name to itself, until it gives it up", async () => {
    const cloud = testCloud();
    const id = await volumeIn(cloud, "fsn1", "a");
    const body = { name: "a", size: 10, location: "fsn1" };
    expect((await cloud.call("POST", "/volumes", body)).status).toBe(409);
    await cloud.call("PUT", `/volumes/${id}`, { name: "b" });
    expect((await cloud.call("POST", "/volumes", body)).status).toBe(201);
    expect((await cloud.call("GET", "/volumes?name=b")).body.volumes).toMatchObject([{ id }]);
  });
});
