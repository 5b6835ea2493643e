import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** An ed25519 host key as cloud-init and ssh read it. */
export interface HostKey {
  /** OpenSSH private key file. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA...`, without a comment. */
  readonly publicKey: string;
}

/** DER of a PKCS#8 ed25519 key up to its 32-byte seed (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const keyType = "ssh-ed25519";

/**
 * Derives the host key that the stack pins from a random secret: the same secret gives the same bytes.
 *
 * @param secret at least 256 bits, in any text; ed25519's 32-byte seed is a hash of it.
 */
export function hostKey(secret: string): HostKey {
  const raw = createHash("sha256").update(`bureau/ssh-host-key/v1:${secret}`).digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, raw]),
    format: "der",
    type: "pkcs8",
  });
  const jwk = createPublicKey(privateKey).export({ format: "jwk" });
  const point = Buffer.from(jwk.x ?? "", "base64url");
  const publicBlob = Buffer.concat([field(keyType), field(point)]);
  return {
    publicKey: `${keyType} ${publicBlob.toString("base64")}`,
    privateKey: openSshFile(publicBlob, point, raw),
  };
}

/** OpenSSH's own private key format, unencrypted (PROTOCOL.key in its source). */
function openSshFile(publicBlob: Buffer, point: Buffer, seed: Buffer): string {
  // Both check integers must be equal; they guard against a wrong passphrase, and there is none.
  // ssh-keygen makes them random, which would give new bytes for the same key.
  const check = Buffer.from("desk".repeat(2));
  const secret = Buffer.concat([
    check,
    field(keyType),
    field(point),
    field(Buffer.concat([seed, point])),
    field(""),
  ]);
  const blockSize = 8;
  const padding = Buffer.from(
    Array.from({ length: (blockSize - (secret.length % blockSize)) % blockSize }, (_, i) => i + 1),
  );
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    Buffer.from([0, 0, 0, 1]),
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    ...lines,
    "-----END OPENSSH PRIVATE KEY-----",
    "",
  ].join("\n");
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
