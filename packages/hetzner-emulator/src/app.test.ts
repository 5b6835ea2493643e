import { canaryKey } from "@bureau/testkit";
import { describe, expect, test } from "vitest";
import { serverBody, testCloud } from "./testing/in-process.ts";

describe("a request without a right to it", () => {
  test.each([
    ["no token", {}, "token is required"],
    ["a token of 63 characters", { authorization: `Bearer ${"x".repeat(63)}` }, "invalid"],
  ])("is unauthorized with %s", async (_, headers, message) => {
    const { status, body } = await testCloud().call("GET", "/servers", undefined, headers);
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ code: "unauthorized", details: null });
    expect(body.error.message).toContain(message);
  });

  test("takes no other token than the one it was given", async () => {
    const cloud = testCloud({ token: "right" });
    const ask = (token: string) =>
      cloud.call("GET", "/servers", undefined, { authorization: `Bearer ${token}` });
    expect((await ask("right")).status).toBe(200);
    expect((await ask("wrong")).status).toBe(401);
    expect((await ask("x".repeat(64))).status).toBe(401);
  });
});

describe("a request for what is not there", () => {
  test.each([
    ["GET", "/unknown", 404, "not_found"],
    ["GET", "/servers/9999", 404, "not_found"],
    ["GET", "/servers/alice", 404, "not_found"],
    ["DELETE", "/servers", 405, "method_not_allowed"],
    ["POST", "/locations", 405, "method_not_allowed"],
    ["GET", "/datacenters", 410, "deprecated_api_endpoint"],
    ["GET", "/datacenters/1", 410, "deprecated_api_endpoint"],
  ])("%s %s is %i %s", async (method, path, status, code) => {
    const answer = await testCloud().call(method, path);
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(code);
  });

  test("is told of an unknown path without a token", async () => {
    const { body } = await testCloud().call("GET", "/unknown", undefined, {});
    expect(body.error).toEqual({
      code: "not_found",
      message: "api route not found",
      details: null,
    });
  });

  test.each([
    "networks",
    "placement_groups",
    "isos",
    "load_balancers",
    "certificates",
    "zones",
    "storage_boxes",
    "floating_ips",
  ])("gets the error envelope for %s, and is recorded", async (noun) => {
    const cloud = testCloud();
    const { status, body } = await cloud.call("GET", `/${noun}`);
    expect([status, body.error.code]).toEqual([404, "not_found"]);
    expect(cloud.requests).toEqual([
      { method: "GET", path: `/v1/${noun}`, query: "", body: undefined, status: 404 },
    ]);
  });
});

describe("a body", () => {
  test("that is no JSON is a json_error", async () => {
    const { status, body } = await testCloud().call("POST", "/servers", "{");
    expect([status, body.error.code]).toEqual([400, "json_error"]);
  });

  test.each([
    ["/servers", {}, ["name", "server_type", "image"]],
    ["/servers", { ...serverBody, name: "a_b" }, ["name"]],
    ["/servers", { ...serverBody, labels: { a: 1 } }, ["labels.a"]],
    ["/servers", { ...serverBody, user_data: "x".repeat(32_769) }, ["user_data"]],
    ["/servers", { ...serverBody, location: "moon" }, ["location"]],
    ["/servers", { ...serverBody, location: "ash" }, ["location"]],
    ["/servers", { ...serverBody, server_type: "cx1" }, ["server_type"]],
    ["/servers", { ...serverBody, image: "debian-1" }, ["image"]],
    ["/servers", { ...serverBody, ssh_keys: ["nobody"] }, ["ssh_keys"]],
    ["/servers", { ...serverBody, firewalls: [{ firewall: 7 }] }, ["firewalls"]],
    ["/volumes", { name: "a", size: "10", location: "fsn1" }, ["size"]],
    ["/volumes", { name: "a", size: 9, location: "fsn1" }, ["size"]],
    ["/volumes", { name: "a", size: 10, location: "fsn1", format: "btrfs" }, ["format"]],
    ["/volumes", { name: "a", size: 10 }, ["location"]],
    ["/primary_ips", { name: "a", type: "ipv5", location: "fsn1" }, ["type"]],
    ["/primary_ips", { name: "a", type: "ipv4" }, ["location"]],
    ["/ssh_keys", { name: "a", public_key: "rsa" }, ["public_key"]],
    [
      "/firewalls",
      {
        name: "a",
        rules: [{ direction: "in", protocol: "tcp", port: "0", source_ips: ["192.0.2.0/24"] }],
      },
      ["rules.0.port"],
    ],
    [
      "/firewalls",
      { name: "a", rules: [{ direction: "in", protocol: "icmp", source_ips: [] }] },
      ["rules.0.source_ips"],
    ],
  ])("for %s is refused by field: %j", async (path, body, fields) => {
    const cloud = testCloud();
    const answer = await cloud.call("POST", path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe("invalid_input");
    const named: { name: string; messages: string[] }[] = answer.body.error.details.fields;
    expect(named.map(({ name }) => name)).toEqual(fields);
    expect(named.every(({ messages }) => messages.length > 0)).toBe(true);
    expect(cloud.context.store.servers.size).toBe(0);
  });

  test.each([
    "/servers?status=gone",
    "/volumes?status=x",
    "/images?type=iso",
    "/servers?sort=color",
  ])("in %s is no value that can be asked for", async (path) => {
    const { status, body } = await testCloud().call("GET", path);
    expect([status, body.error.code]).toEqual([422, "invalid_input"]);
  });
});

describe("the rate limit", () => {
  test("counts down, refuses, and gives back one a second", async () => {
    const cloud = testCloud({ rateLimit: { limit: 2, perSecond: 1 } });
    const ask = () => cloud.call("GET", "/locations");
    const first = await ask();
    expect(first.headers.get("ratelimit-limit")).toBe("2");
    expect(first.headers.get("ratelimit-remaining")).toBe("1");
    expect(first.headers.get("ratelimit-reset")).toBe(String(Date.UTC(2026, 10, 24) / 1000 + 1));
    await ask();
    const refused = await ask();
    expect([refused.status, refused.body.error.code]).toEqual([429, "rate_limit_exceeded"]);
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    cloud.wait(1000);
    expect((await ask()).status).toBe(200);
  });

  test("counts requests without a token too", async () => {
    const cloud = testCloud({ rateLimit: { limit: 1, perSecond: 1 } });
    await cloud.call("GET", "/locations", undefined, {});
    expect((await cloud.call("GET", "/locations")).status).toBe(429);
  });
});

describe("the record of requests", () => {
  test("keeps of user data only size and hash", async () => {
    const cloud = testCloud();
    const key = canaryKey("anthropic");
    const secret = `#cloud-config\n# ${key}`;
    const { body } = await cloud.call("POST", "/servers", { ...serverBody, user_data: secret });
    const everything = JSON.stringify([cloud.requests, cloud.context.store.state(), body]);
    expect(everything).not.toContain(key);
    expect(cloud.requests[0]?.body).toMatchObject({
      name: "alice",
      user_data: { bytes: secret.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });
});
