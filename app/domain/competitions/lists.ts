import { LRUCache } from "lru-cache";
import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
import { readCursor, writeCursor } from "../cursor";
import { type ListPage, orderSql, placeOf } from "../paging";
import { IS_PUBLIC_SQL, TAKES_PLACE_SQL } from "./conditions.sql";
import { type Condition, type Order, RARE, searchInOrder } from "./search";
import { findListedRows, type ListedCompetition, withSeats } from "./view";
import { NEWEST, orderOf, SOONEST, type When, whenCondition } from "./when";

/** What narrows a list of competitions down. */
export interface CompetitionFilter {
  /**
   * Words to look for in title, description, tags, place and the organizer's name, whatever their case.
   * Short ones are not looked for in descriptions.
   */
  q?: string;
  tag?: string;
  when?: When;
}

/** How many competitions can be paged through: those that are counted and skipped cost reading, too. */
const PAGED = 10_000;

/** A numbered page of competitions. */
export interface CompetitionPage extends ListPage<ListedCompetition> {
  /** There are more than `total`; the pages do not show the rest. */
  more: boolean;
}

/**
 * A numbered page of competitions: by date with `when`, else newest first. A page past the last one is the
 * last one.
 */
export async function browseCompetitions({
  page,
  perPage = 20,
  q,
  ...filter
}: CompetitionFilter & { page: number; perPage?: number }): Promise<CompetitionPage> {
  const words = clean(q);
  const order = orderOf(filter.when);
  const condition = filterCondition(filter);
  if (words) return browseFound({ words, filter: condition, order, page, perPage });
  const found = await countOf(condition, filter.when);
  const place = placeOf({ page, perPage, total: Math.min(found, PAGED) });
  const sql = `${condition.sql} ${inOrder(order)} limit ? offset ?`;
  const wanted = [...condition.parameters, perPage, place.skip];
  const items = await withSeats(await findListedRows(database(), sql, wanted));
  return { ...place.shown, items, more: found > PAGED };
}

/**
 * How many there are, up to one more than can be paged through. To tell which are open, the seats of each
 * are looked at; with many of them, everybody who asks within a few seconds shares the result.
 */
async function countOf(condition: Condition, when: When | undefined): Promise<number> {
  if (when !== "open") return count(condition);
  const key = condition.parameters.join();
  const known = openCounts.get(key);
  if (known !== undefined) return known;
  const found = await count(condition);
  if (found > COUNTED_ANEW) openCounts.set(key, found);
  return found;
}

const COUNTED_ANEW = 500;
const openCounts = new LRUCache<string, number>({ max: 100, ttl: 10_000 });

async function count({ sql, parameters }: Condition): Promise<number> {
  const [counted]: { found: number }[] = await database().execute(
    `select count(*)::int as found from (
       select from competition c where ${IS_PUBLIC_SQL}${sql} limit ?) counted`,
    [...parameters, PAGED + 1],
  );
  return counted?.found ?? 0;
}

async function browseFound(asked: {
  words: string;
  filter: Condition;
  order: Order;
  page: number;
  perPage: number;
}): Promise<CompetitionPage> {
  const { words, filter, order, page, perPage } = asked;
  const most = Math.min(page * perPage, RARE);
  const found = await searchInOrder({ words, filter, order, after: null, most });
  const { skip, shown } = placeOf({ page, perPage, total: found.total ?? RARE });
  const items = await showFound(found.ids.slice(skip, skip + perPage), order);
  return { ...shown, items, more: found.total === null };
}

const inOrder = ({ key, descending }: Order) => orderSql(key, "c.id", descending);

async function showFound(ids: string[], order: Order): Promise<ListedCompetition[]> {
  if (ids.length === 0) return [];
  const sql = ` and c.id = any(?::uuid[]) ${inOrder(order)}`;
  return withSeats(await findListedRows(database(), sql, [`{${ids.join(",")}}`]));
}

/** Competitions that are open for registration, the soonest first. */
export async function upcomingCompetitions({
  limit,
}: {
  limit: number;
}): Promise<ListedCompetition[]> {
  const sql = `${whenCondition("open").sql} ${inOrder(SOONEST)} limit ?`;
  return withSeats(await findListedRows(database(), sql, [limit]));
}

/**
 * The tags in use, the most used first. This reads all competitions: calls that arrive meanwhile share the
 * next answer.
 */
export const listTags = inBatches<{ limit: number }, { tag: string; competitions: number }[]>({
  most: Number.POSITIVE_INFINITY,
  inFlight: 1,
  keyOf: ({ limit }) => String(limit),
  async run(asked, limit) {
    const tags: { tag: string; competitions: number }[] = await database().execute(
      `select tag, count(*)::int as competitions from competition c, unnest(c.tags) as tag
        where ${TAKES_PLACE_SQL} group by tag order by count(*) desc, tag limit ?`,
      [Number(limit)],
    );
    return asked.map(() => tags);
  },
});

/**
 * Competitions, always newest first, paged by keyset: page 1,000 costs as much as page 1, and rows that
 * appear between two pages neither repeat nor hide others.
 *
 * @param cursor the `nextCursor` of the page before
 * @throws DomainError `validation_failed` when the cursor did not come from a list
 */
export async function listCompetitions({
  limit,
  cursor,
  q,
  ...filter
}: CompetitionFilter & { limit: number; cursor?: string }): Promise<{
  items: ListedCompetition[];
  nextCursor: string | null;
}> {
  const words = clean(q);
  const after = cursor ? readCursor(cursor) : null;
  const condition = filterCondition(filter);
  if (words) {
    const asked = { words, filter: condition, order: NEWEST, after, most: limit };
    const found = await searchInOrder(asked);
    const nextCursor = found.next && writeCursor(found.next);
    return { items: await showFound(found.ids, NEWEST), nextCursor };
  }
  const { sql, parameters } = condition;
  const rows = await findListedRows(
    database(),
    `${sql} ${after ? "and (c.created_at, c.id) < (?::timestamptz, ?::uuid)" : ""}
     ${inOrder(NEWEST)} limit ?`,
    // One more than is shown tells whether there is a next page.
    [...parameters, ...(after ? [after.at, after.id] : []), limit + 1],
  );
  const items = await withSeats(rows.slice(0, limit));
  const last = rows.length > limit && items.at(-1);
  const nextCursor = last ? writeCursor({ at: last.createdAt.toISOString(), id: last.id }) : null;
  return { items, nextCursor };
}

/** A filter, except for its words, as a condition to append to a query. */
function filterCondition({ tag, when }: Omit<CompetitionFilter, "q">): Condition {
  const wanted = clean(tag)?.toLowerCase();
  const { sql } = whenCondition(when);
  const condition: Condition = { sql, parameters: [] };
  if (wanted) {
    condition.sql += " and c.tags @> array[?]::text[]";
    condition.parameters.push(wanted);
  }
  return condition;
}

/** Postgres text holds no NUL; no title holds one either, so nothing is lost by dropping it. */
function clean(value: string | undefined): string | undefined {
  return value?.replaceAll("\0", "").normalize("NFC").trim().slice(0, 200) || undefined;
}

/** Competitions to remind of. */
export interface Starting {
  id: string;
  startDate: Date;
}

const COMPETITIONS_A_PAGE = 500;

/** Competitions that start from `from` to before `to`, by their start; read page by page. */
export async function* competitionsStarting({
  from,
  to,
}: {
  from: Date;
  to: Date;
}): AsyncGenerator<Starting> {
  let after = { id: "00000000-0000-0000-0000-000000000000", start_date: from.toISOString() };
  for (;;) {
    const page: (typeof after)[] = await database().execute(
      `select id, start_date from competition c
        where ${TAKES_PLACE_SQL} and start_date < ? and (start_date, id) > (?::timestamptz, ?::uuid)
        order by start_date, id limit ?`,
      [to, after.start_date, after.id, COMPETITIONS_A_PAGE],
    );
    for (const { id, start_date } of page) yield { id, startDate: new Date(start_date) };
    const last = page.at(-1);
    if (!last || page.length < COMPETITIONS_A_PAGE) return;
    after = last;
  }
}
