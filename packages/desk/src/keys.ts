import type { Problem } from "./problem.ts";
import { type ProviderName, providerOfKey, providers } from "./providers.ts";

/** Shortest key that is taken for one. All three vendors' keys are far longer. */
const minimumLength = 20;

/** Anything else could become configuration on its way into the VM. */
const alphabet = /^[A-Za-z0-9_.-]+$/;

/** Words of examples and templates, as whole words. */
const exampleWord =
  /(^|[-_.])(your|my|api|key|here|example|placeholder|changeme|replace|secret|token|test|todo)([-_.]|$)/i;

/**
 * Examples are written in one case; a random key of a vendor that uses `-` and `_` never is. So no
 * real key is taken for an example because it happens to hold a short word.
 */
function isPlaceholder(key: string): boolean {
  const body = key.replace(/^sk-(ant-|or-|proj-)?(api\d+-|v\d+-)?/i, "");
  const oneCase = body === body.toLowerCase() || body === body.toUpperCase();
  const oneLetter = new Set(body.replaceAll(/[-_.]/g, "")).size === 1;
  return key.includes("...") || oneLetter || (oneCase && exampleWord.test(body));
}

/** What is wrong with a key that is meant for `provider`; undefined when nothing is. */
export function keyProblem(key: string, provider: ProviderName): Problem | undefined {
  const { title, consoleUrl } = providers[provider];
  const remedy = `Make a key at ${consoleUrl} and set it.`;
  if (key === "") return { rule: `is empty; it must be a key of ${title}`, remedy };
  if (/\s/.test(key)) {
    return {
      rule: "has a blank or line break in it",
      remedy: "Set the key alone, without quotes or blanks around it.",
    };
  }
  if (isPlaceholder(key)) return { rule: `is a placeholder, not a key of ${title}`, remedy };
  if (!alphabet.test(key)) {
    return {
      rule: "holds characters that no key has (only letters, digits, _ . and - are)",
      remedy,
    };
  }
  const owner = providerOfKey(key);
  if (owner === undefined) {
    return {
      rule: `does not begin as a key of ${title} does (${providers[provider].keyPrefix})`,
      remedy,
    };
  }
  if (owner.name !== provider) {
    return {
      rule: `must be a key of ${title}, and seems to be one of ${owner.title} (provider "${owner.name}")`,
      remedy: `Set a key of ${title}, or the provider to ${owner.name}.`,
    };
  }
  if (key.length < minimumLength) return { rule: `is too short for a key of ${title}`, remedy };
  return undefined;
}
