import { expect, test } from "vitest";
import { decodeUserData, metadataRoutes } from "./metadata.ts";

const facts = {
  serverId: 1001,
  hostname: "alice",
  ipv4: "127.77.1.2",
  location: "fsn1",
  networkZone: "eu-central",
  userData: "#cloud-config\n",
};

test("the metadata service answers the document, its leaves and the user data as it was sent", () => {
  const routes = metadataRoutes(facts);
  expect(JSON.parse(routes["/hetzner/v1/metadata"] ?? "")).toMatchObject({
    hostname: "alice",
    "instance-id": 1001,
    region: "eu-central",
  });
  expect(routes["/hetzner/v1/metadata/public-ipv4"]).toBe("127.77.1.2");
  expect(routes["/hetzner/v1/userdata"]).toBe("#cloud-config\n");
});

test("a server without user data has no route for it", () => {
  expect(Object.keys(metadataRoutes({ ...facts, userData: undefined }))).not.toContain(
    "/hetzner/v1/userdata",
  );
});

test.each([
  ["one line of base64 is decoded", "I2Nsb3VkLWNvbmZpZwo=", "#cloud-config\n"],
  ["base64 that ends in a newline is not", "I2Nsb3VkLWNvbmZpZwo=\n", "I2Nsb3VkLWNvbmZpZwo=\n"],
  ["plain text is not", "#cloud-config\n{}\n", "#cloud-config\n{}\n"],
])("of user data %s", (_, sent, expected) => {
  expect(decodeUserData(sent).toString()).toBe(expected);
});
