import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hostKey } from "./host-key.ts";

test("the same secret gives the same bytes in every release", () => {
  expect(hostKey("a secret of the stack")).toMatchInlineSnapshot(`
    {
      "privateKey": "-----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
    QyNTUxOQAAACAwyyUsWWqFe6WQfJ+qcoFsIoMk0LJ8YBKtYcYVUUU8IAAAAIhkZXNrZGVz
    awAAAAtzc2gtZWQyNTUxOQAAACAwyyUsWWqFe6WQfJ+qcoFsIoMk0LJ8YBKtYcYVUUU8IA
    AAAEAYMKJydT5cprrJ3V+zi3TK2VCYJe/uyjAGQIQ0C1OR6jDLJSxZaoV7pZB8n6pygWwi
    gyTQsnxgEq1hxhVRRTwgAAAAAAECAwQF
    -----END OPENSSH PRIVATE KEY-----
    ",
      "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDDLJSxZaoV7pZB8n6pygWwigyTQsnxgEq1hxhVRRTwg",
    }
  `);
});

test("another secret gives another key", () => {
  expect(hostKey("a").publicKey).not.toBe(hostKey("b").publicKey);
});

/** Reads the OpenSSH file by its own description: every field is a length and its bytes. */
function unpack(file: string) {
  const bytes = Buffer.from(file.replaceAll(/-----.*-----|\n/g, ""), "base64");
  let at = "openssh-key-v1\0".length;
  expect(bytes.toString("latin1", 0, at)).toBe("openssh-key-v1\0");
  const next = (from: Buffer, position: number) => {
    const length = from.readUInt32BE(position);
    return from.subarray(position + 4, position + 4 + length);
  };
  const take = () => {
    const field = next(bytes, at);
    at += 4 + field.length;
    return field;
  };
  const [cipher, kdf, options] = [take(), take(), take()];
  const count = bytes.readUInt32BE(at);
  at += 4;
  const [publicBlob, secret] = [take(), take()];
  expect(at).toBe(bytes.length);
  const checks = [secret.readUInt32BE(0), secret.readUInt32BE(4)];
  const type = next(secret, 8);
  const point = next(secret, 12 + type.length);
  const pair = next(secret, 16 + type.length + point.length);
  const rest = secret.subarray(20 + type.length + point.length + pair.length + 4);
  return { cipher, kdf, options, count, publicBlob, checks, type, point, pair, rest, secret };
}

test("the private key is in OpenSSH's format and belongs to the public one", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (secret) => {
      const key = hostKey(secret);
      const file = unpack(key.privateKey);
      expect([file.cipher, file.kdf, file.options].map(String)).toEqual(["none", "none", ""]);
      expect(file.count).toBe(1);
      expect(file.checks[0]).toBe(file.checks[1]);
      expect(String(file.type)).toBe("ssh-ed25519");
      expect(file.secret.length % 8).toBe(0);
      expect([...file.rest]).toEqual([...file.rest].map((_, i) => i + 1));
      expect(key.publicKey).toBe(`ssh-ed25519 ${file.publicBlob.toString("base64")}`);

      const x = file.point.toString("base64url");
      const d = file.pair.subarray(0, 32).toString("base64url");
      const jwk = { kty: "OKP", crv: "Ed25519", x };
      const signature = sign(
        null,
        Buffer.from("hello"),
        createPrivateKey({ key: { ...jwk, d }, format: "jwk" }),
      );
      const publicKey = createPublicKey({ key: jwk, format: "jwk" });
      expect(verify(null, Buffer.from("hello"), publicKey, signature)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

const withoutSsh = spawnSync("ssh-keygen", ["-?"]).error !== undefined;
test.skipIf(withoutSsh)("ssh-keygen reads the same public key out of it", () => {
  const dir = mkdtempSync(join(tmpdir(), "bureau-host-key-"));
  try {
    const key = hostKey("for ssh-keygen");
    const file = join(dir, "key");
    writeFileSync(file, key.privateKey);
    chmodSync(file, 0o600);
    const out = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
    expect(out.trim()).toBe(key.publicKey);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
