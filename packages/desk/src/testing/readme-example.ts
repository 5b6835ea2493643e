import { Desk } from "@bureau/desk";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const alice = new Desk("alice", {
  provider: { name: "anthropic", apiKey: config.requireSecret("aliceKey") },
  embeddings: {
    provider: "openai",
    apiKey: config.requireSecret("aliceMemoryKey"),
    model: "text-embedding-3-small",
  },
  access: { ssh: { publicKeys: [config.require("aliceSshKey")], allowFrom: ["203.0.113.7/32"] } },
});

export const address = alice.ipv4Address;
export const hostKey = alice.sshHostKey;
