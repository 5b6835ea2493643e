import { readFileSync } from "node:fs";
import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, expect, test, vi } from "vitest";
import { startMockEngine } from "./testing/mock-engine.ts";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
afterAll(() => vi.unstubAllEnvs());

test("the program in the README is the one that runs here", async () => {
  expect(text("../README.md")).toContain(`\`\`\`ts\n${text("./testing/readme-example.ts")}\`\`\``);

  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "of a test");
  vi.stubEnv("HCLOUD_TOKEN", "t".repeat(64));
  pulumi.runtime.setAllConfig({
    "bureau:aliceKey": canaryKey("anthropic"),
    "bureau:aliceMemoryKey": canaryKey("openai"),
    "bureau:aliceSshKey": `ssh-ed25519 ${"A".repeat(68)} alice@laptop`,
  });
  const engine = await startMockEngine();
  await import("./testing/readme-example.ts");
  await pulumi.runtime.disconnect();
  expect(engine.resource("alice-server").inputs.name).toBe("alice");
});
