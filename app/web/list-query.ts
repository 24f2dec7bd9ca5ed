import * as z from "zod";

/** What an address asks of a list. */
export interface ListQuery<By extends string> {
  /** Words to look for; none when empty. */
  q: string;
  sort: { by: By; descending: boolean };
  page: number;
  /** Behind what the page begins, in a list without numbered pages. */
  after: string;
}

const schema = z.object({
  q: z
    .string()
    .max(200)
    .transform((words) => words.replaceAll("\0", "").trim())
    .catch(""),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  after: z.string().max(100).catch(""),
});

/**
 * Reads `?q=…&sort=name&page=2`; a minus before the column sorts from its other end. A list's address
 * is typed and shared by people: what makes no sense in it counts as not given.
 *
 * @param sorts the columns, each as it is sorted by at first; the list's usual one is the first of them
 */
export function readListQuery<Sort extends string>(
  request: Request,
  sorts: readonly [Sort, ...Sort[]],
): ListQuery<Column<Sort>> {
  const search = new URL(request.url).searchParams;
  const asked = search.get("sort") ?? "";
  const column = sorts.map(columnOf).find((name) => name === columnOf(asked));
  return {
    ...schema.parse(Object.fromEntries(search)),
    sort: column
      ? { by: column, descending: asked.startsWith("-") }
      : { by: columnOf(sorts[0]), descending: sorts[0].startsWith("-") },
  };
}

type Column<Sort extends string> = Sort extends `-${infer Name}` ? Name : Sort;

function columnOf<Sort extends string>(sort: Sort): Column<Sort> {
  return sort.replace(/^-/, "") as Column<Sort>;
}
