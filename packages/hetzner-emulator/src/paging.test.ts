import fc from "fast-check";
import { expect, test } from "vitest";
import { paginate, sortBy } from "./paging.ts";

const url = (query: string) => new URL(`http://cloud.test/v1/volumes?${query}`);

test("following next from page one gives every item once, in order", () => {
  fc.assert(
    fc.property(fc.nat(130), fc.integer({ min: 1, max: 60 }), (count, perPage) => {
      const all = Array.from({ length: count }, (_, i) => i);
      const seen: number[] = [];
      let page: number | null = 1;
      while (page !== null) {
        const part: ReturnType<typeof paginate<number>> = paginate(
          all,
          url(`page=${page}&per_page=${perPage}`),
        );
        expect(part.meta.pagination.previous_page).toBe(page === 1 ? null : page - 1);
        expect(part.items.length).toBeLessThanOrEqual(Math.min(perPage, 50));
        if (page > 1) expect(part.items.length).toBeGreaterThan(0);
        seen.push(...part.items);
        page = part.meta.pagination.next_page;
        const next = /[?&]page=(\d+)[^>]*>; rel="next"/.exec(part.link)?.[1];
        expect(next === undefined ? null : Number(next)).toBe(page);
      }
      expect(seen).toEqual(all);
    }),
  );
});

test("links keep what else was asked for", () => {
  const { link } = paginate([1, 2, 3], url("label_selector=a%3Db&per_page=1&page=2"));
  expect(link).toBe(
    [1, 3, 3]
      .map((page, i) => {
        const rel = ["prev", "next", "last"][i];
        return `<http://cloud.test/v1/volumes?label_selector=a%3Db&per_page=1&page=${page}>; rel="${rel}"`;
      })
      .join(", "),
  );
});

test.each(["page=0", "page=x", "per_page=-1", "per_page=1.5"])("%s is refused", (query) => {
  expect(() => paginate([], url(query))).toThrow("invalid input in field");
});

const fields = {
  name: ({ name }: { name: string }) => name,
  size: ({ size }: { size: number }) => size,
};

test("sorting orders by each field in turn, and keeps every item", () => {
  const item = fc.record({ id: fc.nat(), name: fc.constantFrom("a", "b"), size: fc.nat(3) });
  fc.assert(
    fc.property(fc.uniqueArray(item, { selector: ({ id }) => id }), (items) => {
      const sorted = sortBy(items, url("sort=name:desc&sort=size"), fields);
      expect(new Set(sorted)).toEqual(new Set(items));
      for (const [i, next] of sorted.slice(1).entries()) {
        const here = sorted[i] ?? next;
        const order = [
          next.name.localeCompare(here.name),
          here.size - next.size,
          here.id - next.id,
        ];
        expect(order.find((difference) => difference !== 0) ?? 0).toBeLessThan(0);
      }
    }),
  );
});

test.each(["sort=color", "sort=name:up", "sort=constructor"])("%s is refused", (query) => {
  expect(() => sortBy([], url(query), fields)).toThrow("invalid input in field 'sort'");
});
