import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test } from "vitest";
import { guardDebugLog } from "./sdk-debug.ts";

const { debug } = pulumi.log;
afterEach(() => {
  Object.assign(pulumi.log, { debug });
});

test("answers of the engine stay out of the debug log, and everything else gets there", async () => {
  const said: string[] = [];
  Object.assign(pulumi.log, {
    debug: (message: string) => {
      said.push(message);
      return Promise.resolve();
    },
  });
  guardDebugLog();
  guardDebugLog(); // a program has many desks
  await pulumi.log.debug(
    "RegisterResource RPC finished: alice; err: null, resp: a secret\nof two lines",
  );
  await pulumi.log.debug("Registering resource: alice");
  expect(said).toEqual(["Registering resource: alice"]);
});
