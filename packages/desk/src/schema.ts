import { z } from "zod";
import { Delivery } from "./args.ts";
import { EmbeddingsProviderName, ProviderName } from "./providers.ts";

/** Shapes of DeskArgs with every Input resolved. What depends on more than one field is in rules.ts. */

const text = z.string();
const count = z.int();

/** Debian's package names (policy 5.6.1); anything else could become an option of apt-get. */
const debianPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+$/, "must be the name of a Debian package");

const exactVersion = z
  .string()
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be an exact version, like 2026.9.6");

/** A model's id goes into JSON and nothing else; blanks and control characters are slips all the same. */
const modelId = z
  .string()
  .regex(/^[^\s"'`\\]+$/, "must be the vendor's id of a model, without blanks");

/** One line of authorized_keys without options: type, base64, comment. */
const publicKey = z
  .string()
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,2}( [^\r\n"\\]*)?$/,
    "must be one public key as in authorized_keys, without options",
  );

const labelName =
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[a-z0-9A-Z]([a-z0-9A-Z._-]{0,61}[a-z0-9A-Z])?$/;
const labelValue = /^([a-z0-9A-Z]([a-z0-9A-Z._-]{0,61}[a-z0-9A-Z])?)?$/;

export const deskSchema = z.strictObject({
  provider: z.strictObject({
    name: z.enum(ProviderName),
    apiKey: text,
    model: modelId.optional(),
    fallbackModels: z.array(modelId).optional(),
  }),
  embeddings: z
    .strictObject({
      provider: z.enum(EmbeddingsProviderName),
      apiKey: text.optional(),
      model: modelId,
      dimensions: count.min(1).max(65_536).optional(),
    })
    .optional(),
  hostname: text.optional(),
  serverType: text.optional(),
  location: text.optional(),
  image: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be the name or id of an image")
    .optional(),
  data: z
    .strictObject({
      sizeGb: count.min(10).max(10_240).optional(),
      protect: z.boolean().optional(),
      volumeId: count.min(1).optional(),
    })
    .optional(),
  access: z
    .strictObject({
      ssh: z.strictObject({
        publicKeys: z.array(publicKey).min(1),
        allowFrom: z.array(text).min(1),
        port: count.min(1).max(65_535).optional(),
        rootLogin: z.boolean().optional(),
      }),
    })
    .optional(),
  delivery: z.enum(Delivery).optional(),
  agent: z
    .strictObject({
      version: exactVersion.optional(),
      registry: text.optional(),
      packages: z.array(debianPackage).optional(),
    })
    .optional(),
  rotation: z
    .strictObject({ gatewayToken: count.min(0).optional(), sshHostKey: count.min(0).optional() })
    .optional(),
  readyTimeoutSeconds: count.min(30).max(3600).optional(),
  allowUnlisted: z.boolean().optional(),
  labels: z
    .record(
      z.string().regex(labelName, "must be a label's name"),
      z
        .string()
        .regex(
          labelValue,
          "must be a label's value: up to 63 of A-Z a-z 0-9 . _ -, letter or digit at both ends",
        ),
    )
    .optional(),
});

export type ResolvedDeskArgs = z.output<typeof deskSchema>;
