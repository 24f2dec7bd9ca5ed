import type { Actor } from "~/domain/access";
import { HAS_SEAT_SQL } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { orderSql } from "../paging";
import { TAKES_PLACE_SQL } from "./conditions.sql";
import { findListedRows, type ListedCompetition, withSeats } from "./view";
import { SOONEST } from "./when";

/** Until its end a competition is next. */
const IS_NEXT_SQL = "greatest(c.ends_at, c.start_date, c.reg_deadline) > now()";

/** What is theirs: where a participant has a seat, what an organizer holds. */
const THEIRS: Record<Actor["role"], string> = {
  PARTICIPANT: `${TAKES_PLACE_SQL} and ${IS_NEXT_SQL} and ${HAS_SEAT_SQL}`,
  ORGANIZER: `${TAKES_PLACE_SQL} and ${IS_NEXT_SQL} and c.created_by_id = ?`,
};

/** What comes next for somebody, the soonest first. */
export async function findNext(
  { id, role }: Actor,
  { limit }: { limit: number },
): Promise<ListedCompetition[]> {
  const order = orderSql(SOONEST.key, "c.id", SOONEST.descending);
  const sql = ` and ${THEIRS[role]} ${order} limit ?`;
  return withSeats(await findListedRows(database(), sql, [id, limit]));
}

/** Whether anything does. */
export async function hasNext({ id, role }: Actor): Promise<boolean> {
  const rows: unknown[] = await database().execute(
    `select from competition c where ${THEIRS[role]} limit 1`,
    [id],
  );
  return rows.length > 0;
}
