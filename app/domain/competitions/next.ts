import type { Actor } from "~/domain/access";
import { findHeldOf, IS_IN_SQL } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { orderSql } from "../paging";
import { IS_NEXT_UNTIL_SQL, TAKES_PLACE_SQL } from "./conditions.sql";
import { findListedRows, type ListedCompetition, withSeats } from "./view";
import { SOONEST } from "./when";

const IS_NEXT_SQL = `${IS_NEXT_UNTIL_SQL} > now()`;

/** A user's own: where a participant has a seat or a place in line, or what an organizer runs. */
const THEIRS: Record<Actor["role"], string> = {
  PARTICIPANT: `${TAKES_PLACE_SQL} and ${IS_NEXT_SQL} and ${IS_IN_SQL}`,
  ORGANIZER: `${TAKES_PLACE_SQL} and ${IS_NEXT_SQL} and c.created_by_id = ?`,
};

/** What comes next for somebody, the soonest first; with what they have there, if they take part. */
export async function findNext(
  { id, role }: Actor,
  { limit }: { limit: number },
): Promise<(ListedCompetition & { has?: "a seat" | "a place" | undefined })[]> {
  const order = orderSql(SOONEST.key, "c.id", SOONEST.descending);
  const sql = ` and ${THEIRS[role]} ${order} limit ?`;
  const found = await withSeats(await findListedRows(database(), sql, [id, limit]));
  if (role !== "PARTICIPANT" || found.length === 0) return found;
  const held = await findHeldOf({ userId: id, competitionIds: found.map((one) => one.id) });
  return found.map((one) => ({ ...one, has: held.get(one.id) }));
}

/** Whether anything comes next for somebody. */
export async function hasNext({ id, role }: Actor): Promise<boolean> {
  const rows: unknown[] = await database().execute(
    `select from competition c where ${THEIRS[role]} limit 1`,
    [id],
  );
  return rows.length > 0;
}
