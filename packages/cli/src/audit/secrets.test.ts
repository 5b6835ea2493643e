import { canaryKey } from "@bureau/testkit";
import { describe, expect, test } from "vitest";
import { collectSecrets } from "./secrets.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const urn = "urn:pulumi:s::bureau::bureau:index:Desk$hcloud:index/server:Server::desk-server";
const exported = (resource: object) => ({ deployment: { resources: [{ urn, ...resource }] } });
const empty = { deployment: {} };

describe("the secrets of a stack", () => {
  test("are those of its state, however deep, by resource and property", () => {
    const [first, second, third] = ["one", "two", "three"].map((word) => `${word}-long-enough`);
    const found = collectSecrets(
      exported({
        inputs: { userData: secret(first), list: [{ inner: secret(second) }], plain: "plain-text" },
        outputs: { map: secret({ a: third, b: 3 }), userData: secret(first) },
      }),
      {},
      undefined,
    );
    expect(found).toEqual([
      { label: "desk-server.userData", value: first },
      { label: "desk-server.list.inner", value: second },
      { label: "desk-server.map.a", value: third },
    ]);
  });

  test("are not short ones, which are in every file for reasons of their own", () => {
    expect(
      collectSecrets(exported({ inputs: { a: secret("22"), b: secret(true) } }), {}, {}),
    ).toEqual([]);
  });

  test("are a key inside a secret document, too", () => {
    const key = canaryKey("openrouter");
    const document = `{"authorization": "Bearer ${key}"}`;
    const found = collectSecrets(exported({ outputs: { rendered: secret(document) } }), {}, {});
    expect(found).toEqual([
      { label: "desk-server.rendered", value: document },
      { label: "desk-server.rendered (key inside)", value: key },
    ]);
  });

  test("are called by their name in the config where they stand in both", () => {
    const value = canaryKey("anthropic");
    const config = {
      "bureau:apiKey": { value, secret: true },
      "bureau:model": plain("the-model-id"),
    };
    const found = collectSecrets(exported({ inputs: { key: secret(value) } }), config, {
      "bureau:apiKey": { secure: "v1:x:y" },
    });
    expect(found).toEqual([{ label: "bureau:apiKey", value }]);
  });

  test.each([
    {
      title: "only the leaves that are secure in the stack file",
      file: {
        "bureau:embeddings": { model: "text-embedding-3-small", apiKey: { secure: "v1:x" } },
      },
      labels: ["bureau:embeddings.apiKey"],
    },
    {
      title: "all leaves of an object that is secure as a whole",
      file: { "bureau:embeddings": { secure: "v1:x" } },
      labels: ["bureau:embeddings.model", "bureau:embeddings.apiKey"],
    },
    {
      title: "all leaves where the stack file has nothing of it",
      file: undefined,
      labels: ["bureau:embeddings.model", "bureau:embeddings.apiKey"],
    },
  ])("of an object in the config are $title", ({ file, labels }) => {
    const objectValue = { model: "text-embedding-3-small", apiKey: canaryKey("openai") };
    const config = { "bureau:embeddings": { objectValue, secret: true } };
    expect(collectSecrets(empty, config, file).map(({ label }) => label)).toEqual(labels);
  });
});

function plain(value: string) {
  return { value, secret: false };
}
