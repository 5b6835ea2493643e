import { expect, test } from "vitest";
import { renderDesk, renderOnward } from "./report.ts";

const price = { currency: "EUR", serverType: "cx23", server: 4, addresses: 0.6, volume: 1 };

test("the desk is shown with addresses, model, fingerprint and the price as a whole", () => {
  const outputs = {
    ipv4Address: "203.0.113.9",
    ipv6Address: "2001:db8::1",
    provider: "openai",
    model: "gpt-x",
    fingerprint: "0a1b2c3d",
    gatewayToken: "[secret]",
  };
  const text = renderDesk({ outputs, price, demoKey: true });
  for (const words of [
    "203.0.113.9",
    "2001:db8::1",
    "openai",
    "gpt-x",
    "0a1b2c3d",
    "5.60 EUR",
    "demo key",
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toContain("secret");
});

test("the lines for a shell are quoted where they need it", () => {
  const text = renderOnward({
    url: "http://127.0.0.1:1/v1",
    variables: { PULUMI_HOME: "/home/a user/it's" },
    path: ["/opt/engine", "/opt/node/bin"],
    background: false,
  });
  expect(text).toContain("export PULUMI_HOME='/home/a user/it'\\''s'\n");
  expect(text).toContain('export PATH=/opt/engine:/opt/node/bin:"$PATH"');
});

test("a cloud that goes on running is told with the way to end it", () => {
  const onward = { url: "http://127.0.0.1:1/v1", variables: {}, path: [] };
  expect(renderOnward({ ...onward, background: true })).toContain("--down");
  expect(renderOnward({ ...onward, background: false })).toContain("--keep");
});
