import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { DeskIssue } from "./errors.ts";

const tokenLength = 64;

/**
 * What is wrong with the surroundings of a desk: a Hetzner token of the wrong length, an empty
 * passphrase. Both would otherwise be found late, or never.
 */
export function environmentIssues(env: NodeJS.ProcessEnv = process.env): DeskIssue[] {
  return [...tokenIssues(env), ...passphraseIssues(env)];
}

function tokenIssues(env: NodeJS.ProcessEnv): DeskIssue[] {
  const token = new pulumi.Config("hcloud").get("token") ?? env.HCLOUD_TOKEN;
  if (token === undefined || token.length === tokenLength) return [];
  return [
    {
      path: ["hcloud:token"],
      rule: `must be ${tokenLength} characters long, as every token of Hetzner Cloud is; it is ${token.length}`,
      remedy: "Set it with: pulumi config set --secret hcloud:token, or in HCLOUD_TOKEN.",
    },
  ];
}

function passphraseIssues(env: NodeJS.ProcessEnv): DeskIssue[] {
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  const passphrase = env.PULUMI_CONFIG_PASSPHRASE ?? (file ? contentOf(file) : undefined);
  if (passphrase === undefined || passphrase.trim() !== "") return [];
  return [
    {
      path: [
        env.PULUMI_CONFIG_PASSPHRASE === undefined
          ? "PULUMI_CONFIG_PASSPHRASE_FILE"
          : "PULUMI_CONFIG_PASSPHRASE",
      ],
      rule: "is empty: everybody could decrypt this stack's keys",
      remedy:
        "Make the stack anew with a passphrase, or give it another one with: pulumi stack change-secrets-provider passphrase. " +
        "Unset it where another secrets provider is used.",
    },
  ];
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // the engine has its own words for a file that it cannot read
  }
}
