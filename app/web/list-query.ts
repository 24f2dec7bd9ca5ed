import * as z from "zod";

/** What an address asks of a list. */
export interface ListQuery<By extends string> {
  /** Words to look for; none when empty. */
  q: string;
  sort: { by: By; descending: boolean };
  page: number;
  /** Which page of the line that stands below it. */
  line: number;
  /** Behind what the page begins, in a list without numbered pages. */
  after: string;
}

const pageNumber = z.coerce.number().int().min(1).max(1_000_000).catch(1);

/** A list's address is typed and shared by people: what makes no sense in it counts as not given. */
export const listSchema = z.object({
  q: z.string().trim().max(200).catch(""),
  page: pageNumber,
  line: pageNumber,
  after: z.string().max(100).catch(""),
});

/** What an address asks for, one text each: of what comes twice the first counts, as in forms. */
export function readQuery(request: Request): Record<string, string> {
  return Object.fromEntries([...new URL(request.url).searchParams].reverse());
}

/** What an address asks of a list that has one order. */
export function readSearch(request: Request): Pick<ListQuery<never>, "q" | "page" | "after"> {
  return listSchema.parse(readQuery(request));
}

/** The columns of each list, as they are sorted by at first; a list's usual order is its first one. */
const SORTS = {
  mail: ["-sent", "subject"],
  ownCompetitions: ["-created", "title", "start"],
  participants: ["seat", "name", "-registeredAt"],
} as const;

type Sorts = typeof SORTS;

/**
 * Reads `?q=…&sort=name&page=2`; a minus before the column sorts from its other end.
 *
 * @param list which one: its page and what is printed of it have the same order
 */
export function readListQuery<List extends keyof Sorts>(
  request: Request,
  list: List,
): ListQuery<Column<Sorts[List][number]>> {
  type Sort = Sorts[List][number];
  const sorts: readonly [Sort, ...Sort[]] = SORTS[list];
  const search = readQuery(request);
  const asked = search.sort ?? "";
  const column = sorts.map(columnOf).find((name) => name === columnOf(asked));
  return {
    ...listSchema.parse(search),
    sort: column
      ? { by: column, descending: asked.startsWith("-") }
      : { by: columnOf(sorts[0]), descending: sorts[0].startsWith("-") },
  };
}

type Column<Sort extends string> = Sort extends `-${infer Name}` ? Name : Sort;

function columnOf<Sort extends string>(sort: Sort): Column<Sort> {
  return sort.replace(/^-/, "") as Column<Sort>;
}
