import type { DeskIssue } from "./errors.ts";
import { looksLikeApiKey } from "./quoted.ts";

type Path = readonly (string | number)[];

/**
 * API keys in any other field than `apiKey`. Those fields are recorded and shown in plain, so a key
 * that landed there would be in the state for good.
 */
export function misplacedKeys(value: unknown, path: Path = []): DeskIssue[] {
  if (typeof value === "string") {
    return isKeySlot(path) || !looksLikeApiKey(value) ? [] : [issueAt(path)];
  }
  if (typeof value !== "object" || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, field]) => {
    const at = [...path, isList ? Number(key) : key];
    return [...(looksLikeApiKey(key) ? [issueAt(at)] : []), ...misplacedKeys(field, at)];
  });
}

function isKeySlot([group, field, ...rest]: Path): boolean {
  return (group === "provider" || group === "embeddings") && field === "apiKey" && !rest.length;
}

function issueAt(path: Path): DeskIssue {
  return {
    path,
    rule: "holds what looks like an API key, and is kept in plain",
    remedy: "Set the key as apiKey of provider or embeddings, and revoke it if it was stored here.",
  };
}
