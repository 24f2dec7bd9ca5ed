import { isOrderedSql, orderMailSql } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../../competitions/conditions.sql";

/**
 * A line's mail is ordered for so long after its deadline, or after that was set, perhaps to a day that had passed;
 * workers that were away are back by then. Hours.
 */
const TOLD_WITHIN_H = 24;
/** An older deadline is history, whatever is edited: so long the orders of its mail are remembered. Days. */
const HISTORY_DAYS = 28;
/** A statement's share. */
const AT_ONCE = 2_000;

/**
 * Orders the mail that tells those in line that registration has closed and they have no seat: one each,
 * whatever becomes of the deadline afterwards.
 */
export async function orderClosedLineMail(): Promise<{ ordered: number }> {
  const [row]: { ordered: number }[] = await database().execute(TELL, [
    ...[TOLD_WITHIN_H, TOLD_WITHIN_H, HISTORY_DAYS],
    AT_ONCE,
  ]);
  return { ordered: row?.ordered ?? 0 };
}

const TELL = `
with closed as (
  select r.id, r.line_no,
    row_number() over (partition by r.competition_id order by r.line_no)::text as place
  from competition c join registration r on r.competition_id = c.id and r.status = 'WAITLISTED'
  where ${TAKES_PLACE_SQL}
    and c.reg_deadline <= now() and (c.reg_deadline > now() - make_interval(hours => ?)
      or c.updated_at > now() - make_interval(hours => ?)
        and c.reg_deadline > now() - make_interval(days => ?))
), untold as (
  select id, place from closed where not ${isOrderedSql("'line-closed:' || id")}
  order by line_no limit ?
), ordered as (
  ${orderMailSql({
    kind: "registration.line_closed",
    dedupeKey: "'line-closed:' || id",
    payload: { registrationId: "id", place: "place" },
    from: "untold",
  })} on conflict (dedupe_key) do nothing returning 1
)
select count(*)::int as ordered from ordered`;
