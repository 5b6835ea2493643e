import { describe, expect, test } from "vitest";
import { made, serverBody, testCloud } from "../testing/in-process.ts";

describe("a server", () => {
  test("is created with what was asked for, running, its actions done", async () => {
    const cloud = testCloud();
    const { firewall } = await made(cloud, "/firewalls", { name: "wall" });
    const { primary_ip } = await made(cloud, "/primary_ips", {
      name: "address",
      type: "ipv4",
      location: "fsn1",
    });
    const answer = await made(cloud, "/servers", {
      ...serverBody,
      labels: { desk: "alice" },
      firewalls: [{ firewall: firewall.id }],
      public_net: { enable_ipv4: true, enable_ipv6: false, ipv4: primary_ip.id },
    });
    expect(answer.server).toMatchObject({
      name: "alice",
      status: "running",
      labels: { desk: "alice" },
      location: { name: "fsn1" },
      server_type: { name: "cx23" },
      image: { name: "debian-13" },
      public_net: {
        ipv4: { id: primary_ip.id, ip: primary_ip.ip },
        ipv6: null,
        firewalls: [{ id: firewall.id, status: "applied" }],
      },
    });
    expect(answer.action).toMatchObject({ command: "create_server", status: "success" });
    expect(answer.next_actions).toMatchObject([{ command: "start_server", status: "success" }]);
    expect("datacenter" in answer.server).toBe(false);
  });

  test("answers a root password only when it has no SSH key", async () => {
    const cloud = testCloud();
    const key = `ssh-ed25519 ${Buffer.alloc(51, 7).toString("base64")}`;
    await made(cloud, "/ssh_keys", { name: "key", public_key: key });
    const withKey = await made(cloud, "/servers", { ...serverBody, ssh_keys: ["key"] });
    const without = await made(cloud, "/servers", { ...serverBody, name: "bob" });
    expect(withKey.root_password).toBeNull();
    expect(without.root_password).toEqual(expect.any(String));
  });

  test("has a name of its own", async () => {
    const cloud = testCloud();
    await made(cloud, "/servers", serverBody);
    const { status, body } = await cloud.call("POST", "/servers", serverBody);
    expect([status, body.error.code]).toEqual([409, "uniqueness_error"]);
    expect(body.error.details.fields).toEqual([{ name: "name" }]);
  });

  test("that is one too many is refused, and so is an address too many", async () => {
    const full = testCloud({ limits: { servers: 0 } });
    const { status, body } = await full.call("POST", "/servers", serverBody);
    expect([status, body.error.code]).toEqual([403, "resource_limit_exceeded"]);
    expect(body.error.details.limits).toHaveLength(1);

    const cloud = testCloud({ limits: { primaryIps: 1 } });
    expect((await cloud.call("POST", "/servers", serverBody)).status).toBe(403);
    expect(cloud.context.store.servers.size).toBe(0);
  });

  test("is unavailable where its type is sold out", async () => {
    const cloud = testCloud();
    const types = (await cloud.call("GET", "/server_types?per_page=50")).body.server_types;
    type Type = { name: string; locations: { name: string; available: boolean }[] };
    const soldOut = types.flatMap(({ name, locations }: Type) =>
      locations
        .filter(({ available }) => !available)
        .map((location) => ({ server_type: name, location: location.name })),
    )[0];
    expect(soldOut).toBeDefined();
    const { status, body } = await cloud.call("POST", "/servers", { ...serverBody, ...soldOut });
    expect([status, body.error.code]).toEqual([412, "resource_unavailable"]);
  });

  test.each([
    ["arm", "cax11", "x86"],
    ["x86", "cx23", "arm"],
  ])("of architecture %s takes no image of the other", async (_, type, architecture) => {
    const cloud = testCloud();
    const { images } = (
      await cloud.call("GET", `/images?name=debian-13&architecture=${architecture}`)
    ).body;
    const body = { ...serverBody, server_type: type, image: images[0].id };
    expect((await cloud.call("POST", "/servers", body)).status).toBe(422);
  });

  test("takes only an address that is free, of its version and in its location", async () => {
    const cloud = testCloud();
    const address = (name: string, type: string, location: string) =>
      made(cloud, "/primary_ips", { name, type, location }).then((body) => body.primary_ip.id);
    const here = await address("here", "ipv4", "fsn1");
    const there = await address("there", "ipv4", "nbg1");
    const six = await address("six", "ipv6", "fsn1");
    const create = (name: string, ipv4: number) =>
      cloud.call("POST", "/servers", { ...serverBody, name, public_net: { ipv4 } });
    expect((await create("a", here)).status).toBe(201);
    expect((await create("b", here)).body.error.code).toBe("primary_ip_assigned");
    expect((await create("b", there)).body.error.code).toBe("primary_ip_datacenter_mismatch");
    expect((await create("b", six)).body.error.code).toBe("primary_ip_version_mismatch");
  });

  test("when deleted leaves its volumes and its addresses without auto_delete", async () => {
    const cloud = testCloud();
    const volume = (await made(cloud, "/volumes", { name: "v", size: 10, location: "fsn1" }))
      .volume;
    const address = (
      await made(cloud, "/primary_ips", { name: "a", type: "ipv4", location: "fsn1" })
    ).primary_ip;
    const { server } = await made(cloud, "/servers", {
      ...serverBody,
      volumes: [volume.id],
      public_net: { ipv4: address.id },
    });
    expect(cloud.context.store.primaryIps.size).toBe(2);
    const { status, body } = await cloud.call("DELETE", `/servers/${server.id}`);
    expect([status, body.action.command]).toEqual([200, "delete_server"]);
    expect((await cloud.call("GET", `/volumes/${volume.id}`)).body.volume.server).toBeNull();
    expect((await cloud.call("GET", "/primary_ips")).body.primary_ips).toMatchObject([
      { id: address.id, assignee_id: null, assignee_type: "unassigned" },
    ]);
  });

  test("that is protected is neither deleted nor rebuilt", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const path = `/servers/${server.id}`;
    const protect = (on: boolean) => ({ delete: on, rebuild: on });
    await made(cloud, `${path}/actions/change_protection`, protect(true));
    for (const [method, to] of [
      ["DELETE", path],
      ["POST", `${path}/actions/rebuild`],
    ] as const) {
      const { status, body } = await cloud.call(method, to, { image: "debian-12" });
      expect([status, body.error.code]).toEqual([423, "protected"]);
    }
    const half = await cloud.call("POST", `${path}/actions/change_protection`, { delete: false });
    expect(half.body.error.code).toBe("invalid_input");
    await made(cloud, `${path}/actions/change_protection`, protect(false));
    expect((await cloud.call("DELETE", path)).status).toBe(200);
  });

  test.each([
    ["running", "cx33", "server_not_stopped"],
    ["off", "cax11", "invalid_server_type"],
    ["off", "cpx11", "resource_unavailable"],
  ])("that is %s becoming a %s is %s", async (power, server_type, code) => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    if (power === "off") await made(cloud, `/servers/${server.id}/actions/poweroff`, undefined);
    const answer = await cloud.call("POST", `/servers/${server.id}/actions/change_type`, {
      server_type,
      upgrade_disk: false,
    });
    expect(answer.body.error.code).toBe(code);
  });

  test("whose disk has grown takes no type with a smaller one", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const change = async (server_type: string, upgrade_disk: boolean) => {
      await made(cloud, `/servers/${server.id}/actions/poweroff`, undefined);
      const path = `/servers/${server.id}/actions/change_type`;
      return cloud.call("POST", path, { server_type, upgrade_disk });
    };
    expect((await change("cx33", false)).status).toBe(201);
    expect((await change("cx23", false)).status).toBe(201);
    expect((await change("cx33", true)).status).toBe(201);
    expect((await change("cx23", false)).body.error.code).toBe("invalid_server_type");
  });

  test("keeps the hash of its user data when rebuilt without new", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", { ...serverBody, user_data: "one" });
    const hash = () => cloud.context.store.servers.get(server.id)?.userDataSha256;
    const before = hash();
    await made(cloud, `/servers/${server.id}/actions/rebuild`, { image: "debian-12" });
    expect(hash()).toBe(before);
    await made(cloud, `/servers/${server.id}/actions/rebuild`, {
      image: "debian-12",
      user_data: "two",
    });
    expect(hash()).not.toBe(before);
  });
});
