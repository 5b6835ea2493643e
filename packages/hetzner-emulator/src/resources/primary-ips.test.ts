import { describe, expect, test } from "vitest";
import { made, serverBody, testCloud } from "../testing/in-process.ts";

const body = { name: "address", type: "ipv4", location: "fsn1" } as const;

describe("a primary IP", () => {
  test("that nobody holds says so", async () => {
    const cloud = testCloud();
    const { primary_ip, ...rest } = await made(cloud, "/primary_ips", body);
    expect(primary_ip).toMatchObject({
      assignee_type: "unassigned",
      assignee_id: null,
      auto_delete: false,
    });
    expect(rest).toEqual({});
  });

  test("changes hands only while the server is off", async () => {
    const cloud = testCloud();
    const address = `/primary_ips/${(await made(cloud, "/primary_ips", body)).primary_ip.id}`;
    const { server } = await made(cloud, "/servers", {
      ...serverBody,
      public_net: { enable_ipv4: false },
    });
    const assignment = { assignee_id: server.id, assignee_type: "server" };
    const assign = () => cloud.call("POST", `${address}/actions/assign`, assignment);
    const unassign = () => cloud.call("POST", `${address}/actions/unassign`);
    const power = (to: string) => made(cloud, `/servers/${server.id}/actions/${to}`, undefined);
    const code = async (answer: ReturnType<typeof assign>) => (await answer).body.error?.code;

    expect(await code(assign())).toBe("server_not_stopped");
    await power("poweroff");
    expect(await code(assign())).toBeUndefined();
    expect(await code(assign())).toBe("primary_ip_already_assigned");
    expect(await code(cloud.call("DELETE", address))).toBe("must_be_unassigned");
    await power("poweron");
    expect(await code(unassign())).toBe("server_not_stopped");
    await power("shutdown");
    expect(await code(unassign())).toBeUndefined();
    expect((await cloud.call("DELETE", address)).status).toBe(204);
  });

  test("is the only one of its version at a server", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    await made(cloud, `/servers/${server.id}/actions/poweroff`, undefined);
    for (const type of ["ipv4", "ipv6"] as const) {
      const more = { name: type, type, assignee_type: "server", assignee_id: server.id };
      const { body } = await cloud.call("POST", "/primary_ips", more);
      expect(body.error.code).toBe(`server_has_${type}`);
    }
  });

  test("stays in its location", async () => {
    const cloud = testCloud();
    const { primary_ip } = await made(cloud, "/primary_ips", { ...body, location: "hel1" });
    const { server } = await made(cloud, "/servers", {
      ...serverBody,
      start_after_create: false,
      public_net: { enable_ipv4: false },
    });
    const { status } = await cloud.call("POST", `/primary_ips/${primary_ip.id}/actions/assign`, {
      assignee_id: server.id,
      assignee_type: "server",
    });
    expect(status).toBe(422);
  });
});
