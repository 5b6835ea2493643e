import { fileURLToPath } from "node:url";
import { machineRegistry, runCommand } from "@bureau/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGuestWorld, type GuestWorld } from "../src/guest-world.ts";
import { temporaryDesk } from "./temporary.ts";

const checkout = fileURLToPath(new URL("../../../", import.meta.url));
let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld({ prebaked: false, outbound: true });
});
afterAll(() => world?.close());

test("npm run image makes a snapshot whose desks start without an install", async () => {
  const registry = await machineRegistry();
  const { code, stdout, stderr } = await runCommand(
    "npm",
    ["run", "-s", "image", "--", "--registry", registry],
    {
      cwd: checkout,
      env: { ...process.env, HCLOUD_ENDPOINT: world.cloud.url, HCLOUD_TOKEN: world.cloud.token },
    },
  );
  expect(code, stderr).toBe(0);
  const image = stdout.trim();
  expect(stderr).toContain(`pulumi config set bureau:image ${image}`);
  expect(stderr + stdout).not.toContain(world.cloud.token);
  const { servers, images } = world.cloud.snapshot();
  expect(servers).toEqual([]);
  expect(images.map(({ id, labels }) => [String(id), labels])).toEqual([
    [image, { "bureau-image": "2026.9.6" }],
  ]);

  // Nothing can be installed any more.
  await world.machines.setWorld({ ...world.surroundings, outbound: false });
  const desk = await temporaryDesk(world, {
    args: { provider: { name: "anthropic", apiKey: world.keys.anthropic }, image },
  });
  await desk.ready();
  expect(await desk.status()).toMatchObject({ healthy: true });
  expect(await desk.chat("Baked?")).toContain("Baked?");
  expect(await desk.ok("hostname")).toBe(desk.settings.hostname);
}, 900_000);
