import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { z } from "zod";
import type { Context } from "../context.ts";
import { notFound, notUnique } from "../errors.ts";
import type { SshKey } from "../model.ts";
import { answerList, idParam, labelsSchema, nameSchema, readBody } from "../request.ts";

const createSchema = z.object({
  name: nameSchema(128),
  public_key: z
    .string()
    .regex(/^(ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/]+=*( .*)?\s*$/, "is not a public key"),
  labels: labelsSchema.optional(),
});
const updateSchema = z.object({
  name: nameSchema(128).optional(),
  labels: labelsSchema.optional(),
});

export function sshKeyRoutes(app: Hono, { store, now }: Context): void {
  app.get("/ssh_keys", (c) =>
    answerList(c, store.sshKeys.all(), {
      key: "ssh_keys",
      sort: { id: ({ id }) => id, name: ({ name }) => name },
      filters: { fingerprint: { of: ({ fingerprint }) => fingerprint } },
      format: formatSshKey,
    }),
  );
  app.get("/ssh_keys/:id{[0-9]+}", (c) => c.json({ ssh_key: formatSshKey(find(idParam(c))) }));

  app.post("/ssh_keys", async (c) => {
    const body = await readBody(c, createSchema);
    if (store.sshKeys.byName(body.name) !== undefined) throw notUnique("name");
    const fingerprint = fingerprintOf(body.public_key);
    if (store.sshKeys.all().some((key) => key.fingerprint === fingerprint))
      throw notUnique("public_key");
    const sshKey = store.sshKeys.add({
      id: store.nextId(),
      name: body.name,
      created: now().toISOString(),
      labels: body.labels ?? {},
      publicKey: body.public_key,
      fingerprint,
    });
    return c.json({ ssh_key: formatSshKey(sshKey) }, 201);
  });

  app.put("/ssh_keys/:id{[0-9]+}", async (c) => {
    const sshKey = find(idParam(c));
    const body = await readBody(c, updateSchema);
    if (body.name !== undefined && body.name !== sshKey.name) {
      if (store.sshKeys.byName(body.name) !== undefined) throw notUnique("name");
      store.sshKeys.rename(sshKey, body.name);
    }
    sshKey.labels = body.labels ?? sshKey.labels;
    return c.json({ ssh_key: formatSshKey(sshKey) });
  });

  app.delete("/ssh_keys/:id{[0-9]+}", (c) => {
    store.sshKeys.delete(find(idParam(c)));
    return c.body(null, 204);
  });

  function find(id: number): SshKey {
    const sshKey = store.sshKeys.get(id);
    if (sshKey === undefined) throw notFound("SSH key", id);
    return sshKey;
  }
}

function formatSshKey({ id, name, fingerprint, publicKey, labels, created }: SshKey) {
  return { id, name, fingerprint, public_key: publicKey, labels, created };
}

/** MD5 of the key's bytes, as ssh has long shown it. */
function fingerprintOf(publicKey: string): string {
  const bytes = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return createHash("md5").update(bytes).digest("hex").match(/../g)?.join(":") ?? "";
}
