import { invalidField } from "./errors.ts";

const defaultPerPage = 25;
const maxPerPage = 50;

export interface Page<T> {
  readonly items: readonly T[];
  readonly meta: {
    readonly pagination: {
      readonly page: number;
      readonly per_page: number;
      readonly previous_page: number | null;
      readonly next_page: number | null;
      readonly last_page: number;
      readonly total_entries: number;
    };
  };
  /** Value of the `Link` header. */
  readonly link: string;
}

/** Cuts one page out of a list, as `page` and `per_page` of the URL ask for it. */
export function paginate<T>(all: readonly T[], url: URL): Page<T> {
  const page = positive(url, "page", 1);
  const perPage = Math.min(positive(url, "per_page", defaultPerPage), maxPerPage);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const previous = page > 1 ? Math.min(page - 1, last) : null;
  const next = page < last ? page + 1 : null;
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    meta: {
      pagination: {
        page,
        per_page: perPage,
        previous_page: previous,
        next_page: next,
        last_page: last,
        total_entries: all.length,
      },
    },
    link: [["prev", previous] as const, ["next", next] as const, ["last", last] as const]
      .flatMap(([rel, to]) => (to === null ? [] : [`<${withPage(url, to)}>; rel="${rel}"`]))
      .join(", "),
  };
}

function positive(url: URL, name: string, otherwise: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw invalidField(name, "must be a positive integer");
  return value;
}

function withPage(url: URL, page: number): string {
  const other = new URL(url);
  other.searchParams.set("page", String(page));
  return other.href;
}

/** Sorts by `sort=field[:asc|:desc]`, which may be repeated; ids decide between equals. */
export function sortBy<T extends { id: number }>(
  items: readonly T[],
  url: URL,
  fields: Readonly<Record<string, (item: T) => string | number>>,
): T[] {
  const orders = url.searchParams.getAll("sort").map((text) => {
    const [field = "", direction = "asc"] = text.split(":");
    const get = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (get === undefined || !["asc", "desc"].includes(direction)) {
      throw invalidField("sort", `'${text}' is not a way to sort this list`);
    }
    return { get, sign: direction === "asc" ? 1 : -1 };
  });
  return [...items].sort((a, b) => {
    for (const { get, sign } of orders) {
      const [x, y] = [get(a), get(b)];
      if (x !== y) return x < y ? -sign : sign;
    }
    return a.id - b.id;
  });
}
