import { canaryKey } from "@bureau/testkit";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { DeskInputError } from "./errors.ts";
import { fittingImage } from "./image.ts";
import { openSettings } from "./settings.ts";

const asked: unknown[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs }) => ({ id: "1", state: inputs }),
    call: ({ inputs }) => {
      asked.push(inputs);
      return { architecture: inputs.id === 86 ? "x86" : "arm" };
    },
  });
});

const settings = (image: string) =>
  openSettings("alice", {
    provider: { name: "anthropic", apiKey: canaryKey("anthropic") },
    image,
  });

test("a name stands for an image of every architecture, so nobody is asked", async () => {
  expect(await fittingImage(settings("debian-13"), {})).toBe("debian-13");
  expect(asked).toEqual([]);
});

test("an image of the server's architecture passes", async () => {
  expect(await fittingImage(settings("86"), {})).toBe("86");
});

test("an image of the other one is refused, with both ways out", async () => {
  const refused = fittingImage(settings("64"), {});
  await expect(refused).rejects.toBeInstanceOf(DeskInputError);
  await expect(refused).rejects.toThrow(
    'desk "alice": image: is made for arm, and cx23 is a server type of x86. ' +
      "Use an image of x86, or a server type of arm.",
  );
});
