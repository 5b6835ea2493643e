import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Labels, labelProblem, parseSelector } from "./labels.ts";

const word = fc.stringMatching(/^[a-z]([a-z0-9._-]{0,8}[a-z0-9])?$/);
const labels = fc.dictionary(word, fc.oneof(word, fc.constant("")), {
  maxKeys: 4,
  noNullPrototype: true,
});

/** A selector with what it means, said independently of the parser. */
const term = fc.oneof(
  fc.tuple(word, word, fc.constantFrom("=", "==", " = ")).map(([k, v, sign]) => ({
    text: `${k}${sign}${v}`,
    holds: (all: Labels) => all[k] === v,
  })),
  fc.tuple(word, word).map(([k, v]) => ({
    text: `${k}!=${v}`,
    holds: (all: Labels) => all[k] !== v,
  })),
  word.map((k) => ({ text: k, holds: (all: Labels) => Object.hasOwn(all, k) })),
  word.map((k) => ({ text: `!${k}`, holds: (all: Labels) => !Object.hasOwn(all, k) })),
  fc
    .tuple(word, fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([k, values, inside]) => ({
      text: `${k} ${inside ? "in" : "notin"} (${values.join(", ")})`,
      holds: (all: Labels) => values.some((value) => all[k] === value) === inside,
    })),
);

describe("label selectors", () => {
  test("mean what their terms mean together", () => {
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 4 }), labels, (terms, all) => {
        const matches = parseSelector(terms.map(({ text }) => text).join(","));
        expect(matches(all)).toBe(terms.every(({ holds }) => holds(all)));
      }),
    );
  });

  test("find a label by its own key and value, whatever they are", () => {
    fc.assert(
      fc.property(word, word, (k, v) => {
        expect(parseSelector(`${k}=${v}`)({ [k]: v })).toBe(true);
        expect(parseSelector(`${k} notin (${v})`)({ [k]: v })).toBe(false);
      }),
    );
  });

  test.each(["", ",", "a,", "=b", "a=b=c", "a in b", "a in (b", "!", "a in (b c)", "a>b", "a b"])(
    "are refused when malformed: %j",
    (selector) => {
      expect(() => parseSelector(selector)).toThrow("label_selector");
    },
  );

  test.each([
    ["a=", { a: "" }, true],
    ["a in (b,)", { a: "" }, true],
    ["example.com/a=b", { "example.com/a": "b" }, true],
    ["toString", {}, false],
    ["constructor!=x", {}, true],
  ])("%s on %j is %s", (selector, all, expected) => {
    expect(parseSelector(selector)(all)).toBe(expected);
  });
});

test.each([
  [{ a: "b" }, undefined],
  [{ "example.com/a": "" }, undefined],
  [{ "-a": "b" }, "label key '-a' is invalid"],
  [{ a: "b c" }, "value of label 'a' is invalid"],
  [{ [`a${"b".repeat(63)}`]: "" }, expect.stringContaining("is invalid")],
  [{ "hetzner.cloud/a": "b" }, "label key 'hetzner.cloud/a' is reserved"],
])("labels %j: %s", (all, problem) => {
  expect(labelProblem(all)).toEqual(problem);
});
