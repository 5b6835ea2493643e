import { invalidField } from "./errors.ts";

export type Labels = Record<string, string>;
export type LabelMatcher = (labels: Labels) => boolean;

const name = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const key = `(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${name}`;
const value = `(?:${name})?`;
const keyPattern = new RegExp(`^${key}$`);
const valuePattern = new RegExp(`^${value}$`);
const forms: readonly [RegExp, (match: RegExpMatchArray) => LabelMatcher][] = [
  [
    new RegExp(`^(${key})\\s*==?\\s*(${value})$`),
    ([, k = "", v = ""]) =>
      (labels) =>
        labels[k] === v,
  ],
  [
    new RegExp(`^(${key})\\s*!=\\s*(${value})$`),
    ([, k = "", v = ""]) =>
      (labels) =>
        labels[k] !== v,
  ],
  [
    new RegExp(`^(${key})$`),
    ([, k = ""]) =>
      (labels) =>
        Object.hasOwn(labels, k),
  ],
  [
    new RegExp(`^!\\s*(${key})$`),
    ([, k = ""]) =>
      (labels) =>
        !Object.hasOwn(labels, k),
  ],
  [
    new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`),
    ([, k = "", operator, list = ""]) => {
      const values = list.split(",").map((item) => item.trim());
      if (!values.every((item) => valuePattern.test(item))) throw invalidSelector();
      const has = (labels: Labels) => Object.hasOwn(labels, k) && values.includes(labels[k] ?? "");
      return operator === "in" ? has : (labels) => !has(labels);
    },
  ],
];

/**
 * Reads a label selector: `k=v`, `k==v`, `k!=v`, `k`, `!k`, `k in (a,b)`, `k notin (a,b)`, joined by
 * commas that all must hold.
 *
 * @throws ApiError invalid_input
 */
export function parseSelector(selector: string): LabelMatcher {
  const matchers = splitTerms(selector).map((term) => {
    for (const [pattern, make] of forms) {
      const match = pattern.exec(term);
      if (match !== null) return make(match);
    }
    throw invalidSelector();
  });
  return (labels) => matchers.every((matches) => matches(labels));
}

/** Commas inside parentheses belong to their list. */
function splitTerms(selector: string): string[] {
  const terms = selector.match(/(?:[^,()]|\([^()]*\))+/g) ?? [];
  if (terms.join(",") !== selector || terms.length === 0) throw invalidSelector();
  return terms.map((term) => term.trim());
}

function invalidSelector() {
  return invalidField("label_selector", "label selector is malformed");
}

/** What is wrong with labels that a client wants to set; undefined when nothing is. */
export function labelProblem(labels: Labels): string | undefined {
  for (const [k, v] of Object.entries(labels)) {
    if (!keyPattern.test(k)) return `label key '${k}' is invalid`;
    if (k.startsWith("hetzner.cloud/")) return `label key '${k}' is reserved`;
    if (!valuePattern.test(v)) return `value of label '${k}' is invalid`;
  }
  return undefined;
}
