import { DomainError } from "~/domain/error";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { type CompetitionFilter, filterConditions } from "./competition-filter";
import {
  type CompetitionRow,
  type CompetitionView,
  SELECT_COMPETITIONS,
  toViews,
} from "./competition-view";

/**
 * Competitions, newest first, by keyset: page 1,000 costs what page 1 does, and rows that appear
 * meanwhile neither repeat nor hide others.
 *
 * @param cursor the `nextCursor` of the page before
 * @throws DomainError `validation_failed` when the cursor is none of ours
 */
export async function listCompetitions({
  limit,
  cursor,
  ...filter
}: CompetitionFilter & { limit: number; cursor?: string }): Promise<{
  items: CompetitionView[];
  nextCursor: string | null;
}> {
  const em = database();
  const { sql, parameters } = filterConditions(filter);
  const after = cursor ? readCursor(cursor) : null;
  const rows: CompetitionRow[] = await em.execute(
    `${SELECT_COMPETITIONS}${sql}
     ${after ? "and (c.created_at, c.id) < (?::timestamptz, ?::uuid)" : ""}
     order by c.created_at desc, c.id desc limit ?`,
    [...parameters, ...(after ? [after.createdAt, after.id] : []), limit + 1],
  );
  const items = await toViews(em, rows.slice(0, limit));
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? writeCursor(last) : null };
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

/** Written as we write them: what JavaScript forgives in a date, Postgres need not. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
