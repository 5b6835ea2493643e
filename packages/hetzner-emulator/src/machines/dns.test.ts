import { decode, encode, type StringAnswer } from "dns-packet";
import { expect, test } from "vitest";
import { answerQuery } from "./dns.ts";

const names = new Map([["api.example", "198.51.100.1"]]);

async function ask(name: string, type: "A" | "AAAA" | "MX", found?: string[]) {
  const message = encode({ type: "query", id: 7, questions: [{ name, type }] });
  const answer = await answerQuery(message, names, async () => found);
  if (answer === undefined) throw new Error("no answer");
  const packet = decode(answer);
  return {
    id: packet.id,
    code: (packet as { rcode?: string }).rcode,
    data: packet.answers?.map((one) => (one as StringAnswer).data),
  };
}

test("a name of the world has its address, whatever the case", async () => {
  expect(await ask("API.Example", "A")).toEqual({ id: 7, code: "NOERROR", data: ["198.51.100.1"] });
});

test("a name of the world has no IPv6 address, and exists all the same", async () => {
  expect(await ask("api.example", "AAAA", ["2001:db8::1"])).toEqual({
    id: 7,
    code: "NOERROR",
    data: [],
  });
});

test("another name is what the resolver says", async () => {
  expect((await ask("other.example", "A", ["192.0.2.1"])).data).toEqual(["192.0.2.1"]);
});

test("a name that the resolver does not know does not exist", async () => {
  expect(await ask("other.example", "A")).toEqual({ id: 7, code: "NXDOMAIN", data: [] });
});

test("what is no query gets no answer", async () => {
  expect(await answerQuery(Buffer.from("hello"), names, async () => [])).toBeUndefined();
});
