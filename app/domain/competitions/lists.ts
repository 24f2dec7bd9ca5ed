import { DomainError } from "~/domain/error";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { type CompetitionView, findViews } from "./view";

/** What narrows a list of competitions down. */
export interface CompetitionFilter {
  /** Looked for in title, description and tags, whatever its case. */
  q?: string;
  tag?: string;
  organizerId?: string;
}

/** A numbered page of competitions, newest first. A page past the last one is the last one. */
export async function browseCompetitions({
  page,
  perPage = 20,
  ...filter
}: CompetitionFilter & { page: number; perPage?: number }): Promise<{
  items: CompetitionView[];
  page: number;
  pages: number;
  total: number;
}> {
  const em = database();
  const { sql, parameters } = filterConditions(filter);
  const [counted]: { total: number }[] = await em.execute(
    `select count(*)::int as total from competition c where c.deleted_at is null${sql}`,
    parameters,
  );
  const total = counted?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / perPage));
  const shown = Math.min(Math.max(1, page), pages);
  const items = await findViews(
    em,
    `${sql} order by c.created_at desc, c.id desc limit ? offset ?`,
    [...parameters, perPage, (shown - 1) * perPage],
  );
  return { items, page: shown, pages, total };
}

/** Competitions that can still be registered for, the soonest first. */
export async function upcomingCompetitions({
  limit,
}: {
  limit: number;
}): Promise<CompetitionView[]> {
  return findViews(
    database(),
    ` and c.reg_deadline > now()
      order by coalesce(c.start_date, c.reg_deadline), c.id limit ?`,
    [limit],
  );
}

/** The tags in use, those of most competitions first. */
export async function listTags({
  limit,
}: {
  limit: number;
}): Promise<{ tag: string; competitions: number }[]> {
  return database().execute(
    `select tag, count(*)::int as competitions from competition c, unnest(c.tags) as tag
      where c.deleted_at is null group by tag order by count(*) desc, tag limit ?`,
    [limit],
  );
}

/**
 * Competitions, newest first, by keyset: page 1,000 costs what page 1 does, and rows that appear
 * between two pages neither repeat nor hide others.
 *
 * @param cursor the `nextCursor` of the page before
 * @throws DomainError `validation_failed` when the cursor did not come from a list
 */
export async function listCompetitions({
  limit,
  cursor,
  ...filter
}: CompetitionFilter & { limit: number; cursor?: string }): Promise<{
  items: CompetitionView[];
  nextCursor: string | null;
}> {
  const { sql, parameters } = filterConditions(filter);
  const after = cursor ? readCursor(cursor) : null;
  // One more than is shown tells whether there is a next page.
  const found = await findViews(
    database(),
    `${sql} ${after ? "and (c.created_at, c.id) < (?::timestamptz, ?::uuid)" : ""}
     order by c.created_at desc, c.id desc limit ?`,
    [...parameters, ...(after ? [after.createdAt, after.id] : []), limit + 1],
  );
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? writeCursor(last) : null };
}

function writeCursor({ createdAt, id }: { createdAt: Date; id: string }): string {
  return Buffer.from(`${createdAt.toISOString()} ${id}`).toString("base64url");
}

function readCursor(cursor: string): { createdAt: string; id: string } {
  const [createdAt = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (!isInstant(createdAt) || !isUuid(id)) {
    const message = "The cursor must be one that a list gave";
    throw new DomainError("validation_failed", message, { fields: [{ field: "cursor", message }] });
  }
  return { createdAt, id };
}

/** In exactly our own form: JavaScript accepts dates that Postgres does not. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}

/** The filter as conditions to append to a query, with their parameters. */
function filterConditions({ q, tag, organizerId }: CompetitionFilter): {
  sql: string;
  parameters: string[];
} {
  const conditions: string[] = [];
  const parameters: string[] = [];
  const words = clean(q);
  if (words) {
    conditions.push(
      "(c.title || ' ' || c.description || ' ' || array_to_string(c.tags, ' ')) ilike ?",
    );
    parameters.push(`%${words.replace(/[\\%_]/g, "\\$&")}%`);
  }
  const wanted = clean(tag)?.toLowerCase();
  if (wanted) {
    conditions.push("c.tags @> array[?]::text[]");
    parameters.push(wanted);
  }
  if (organizerId) {
    conditions.push("c.created_by_id = ?");
    parameters.push(organizerId);
  }
  return { sql: conditions.map((condition) => ` and ${condition}`).join(""), parameters };
}

/** Postgres text holds no NUL; no title holds one either, so nothing is lost by dropping it. */
function clean(value: string | undefined): string | undefined {
  return value?.replaceAll("\0", "").trim().slice(0, 200) || undefined;
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
      `select id, start_date from competition
        where deleted_at is null and start_date < ? and (start_date, id) > (?::timestamptz, ?::uuid)
        order by start_date, id limit ?`,
      [to, after.start_date, after.id, COMPETITIONS_A_PAGE],
    );
    for (const { id, start_date } of page) yield { id, startDate: new Date(start_date) };
    const last = page.at(-1);
    if (!last || page.length < COMPETITIONS_A_PAGE) return;
    after = last;
  }
}
