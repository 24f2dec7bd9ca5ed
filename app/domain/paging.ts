/** What a list is sorted by, and from which end. */
export interface Sort<By extends string> {
  by: By;
  descending: boolean;
}

/** A numbered page of a list. */
export interface ListPage<Item> {
  items: Item[];
  page: number;
  pages: number;
  total: number;
}

/** Where a numbered page begins, and what to say of it. A page past the last one is the last one. */
export function placeOf({
  page,
  perPage,
  total,
}: {
  page: number;
  perPage: number;
  total: number;
}): { shown: Omit<ListPage<never>, "items">; skip: number } {
  const pages = Math.max(1, Math.ceil(total / perPage));
  const shown = { page: Math.min(Math.max(1, page), pages), pages, total };
  return { shown, skip: (shown.page - 1) * perPage };
}

/** SQL that sorts by an expression, and rows that are equal in it by another. */
export function orderSql(first: string, then: string, descending: boolean): string {
  const direction = descending ? "desc" : "asc";
  return `order by ${first} ${direction}, ${then} ${direction}`;
}
