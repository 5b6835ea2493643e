import { describe, expect, test } from "vitest";
import { made, serverBody, testCloud } from "../testing/in-process.ts";

const ssh = { direction: "in", protocol: "tcp", port: "22", source_ips: ["192.0.2.0/24"] };
const onServer = (id: number) => ({ type: "server", server: { id } });
const onLabel = (selector: string) => ({ type: "label_selector", label_selector: { selector } });

describe("a firewall", () => {
  test("takes its rules as a whole, none too", async () => {
    const cloud = testCloud();
    const { firewall } = await made(cloud, "/firewalls", { name: "wall", rules: [ssh] });
    expect(firewall.rules).toEqual([{ ...ssh, destination_ips: [], description: null }]);
    const path = `/firewalls/${firewall.id}`;
    for (const rules of [[ssh, { ...ssh, port: "80-90" }], []]) {
      const { actions } = await made(cloud, `${path}/actions/set_rules`, { rules });
      expect(actions).toMatchObject([{ command: "set_firewall_rules" }]);
      expect((await cloud.call("GET", path)).body.firewall.rules).toHaveLength(rules.length);
    }
  });

  test("is applied to a server once, and in use until it is removed", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const { firewall } = await made(cloud, "/firewalls", { name: "wall" });
    const path = `/firewalls/${firewall.id}`;
    const target = [onServer(server.id)];
    await made(cloud, `${path}/actions/apply_to_resources`, { apply_to: target });
    const again = await cloud.call("POST", `${path}/actions/apply_to_resources`, {
      apply_to: target,
    });
    expect(again.body.error.code).toBe("firewall_already_applied");
    expect((await cloud.call("DELETE", path)).body.error.code).toBe("resource_in_use");
    await made(cloud, `${path}/actions/remove_from_resources`, { remove_from: target });
    expect((await cloud.call("DELETE", path)).status).toBe(204);
  });

  test("follows a label selector as labels change", async () => {
    const cloud = testCloud();
    const { server } = await made(cloud, "/servers", serverBody);
    const { firewall } = await made(cloud, "/firewalls", {
      name: "wall",
      apply_to: [onLabel("tier in (1,2)")],
    });
    const applied = async () =>
      (await cloud.call("GET", `/servers/${server.id}`)).body.server.public_net.firewalls;
    expect(await applied()).toEqual([]);
    await cloud.call("PUT", `/servers/${server.id}`, { labels: { tier: "2" } });
    expect(await applied()).toEqual([{ id: firewall.id, status: "applied" }]);
    const { body } = await cloud.call(
      "POST",
      `/firewalls/${firewall.id}/actions/remove_from_resources`,
      { remove_from: [onServer(server.id)] },
    );
    expect(body.error.code).toBe("firewall_managed_by_label_selector");
  });

  test("takes empty lists of targets", async () => {
    const cloud = testCloud();
    const { firewall } = await made(cloud, "/firewalls", { name: "wall" });
    const path = `/firewalls/${firewall.id}/actions`;
    await made(cloud, `${path}/apply_to_resources`, { apply_to: [] });
    await made(cloud, `${path}/remove_from_resources`, { remove_from: [] });
  });

  test("that is being changed is a conflict", async () => {
    const cloud = testCloud({ actions: "realistic" });
    const { firewall } = await made(cloud, "/firewalls", { name: "wall" });
    const set = () =>
      cloud.call("POST", `/firewalls/${firewall.id}/actions/set_rules`, { rules: [ssh] });
    const { status, body } = await set();
    expect([status, body.error.code]).toEqual([409, "conflict"]);
    cloud.wait(10_000);
    expect((await set()).status).toBe(201);
  });
});
