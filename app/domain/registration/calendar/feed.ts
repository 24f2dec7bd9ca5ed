import { type Actor, requireRoleFor } from "~/domain/access";
import { database } from "~/platform/orm";
import { lostStartSql, OVER_AT_SQL } from "../../competitions/conditions.sql";
import {
  CALENDAR_COLUMNS_SQL,
  type CalendarRow,
  type EventState,
  eventOf,
  OFF_SHOWN_DAYS,
  PART_CHANGES_SQL,
  toCalendarFacts,
  writeFile,
} from "./event";

/** The most events in a calendar; the latest starts stay. */
const MOST_EVENTS = 1_000;
const NAME = "Mini Compete";
/** How often programs are asked to look; each decides for itself. */
const REFRESH = { verbatim: "PT1H" };

/**
 * A participant's calendar: their seats, their places in line as tentative, and for a while what they or
 * the organizer cancelled, or what has lost its start. The same rows make the same text, byte for byte.
 *
 * @throws DomainError `forbidden` for anybody but a participant
 */
export async function writeOwnCalendar({ actor }: { actor: Actor }): Promise<string> {
  requireRoleFor({ actor, action: "share own calendar" });
  const rows = await database().execute<OwnRow[]>(FIND_OWN, [
    actor.id,
    OFF_SHOWN_DAYS,
    actor.id,
    OFF_SHOWN_DAYS,
    OFF_SHOWN_DAYS,
    MOST_EVENTS,
  ]);
  const events = rows.flatMap((row) => {
    const facts = { ...toCalendarFacts(row), startDate: new Date(row.shownStart) };
    const event = eventOf(facts, stateOf(row));
    return event ? [event] : [];
  });
  return writeFile(
    [
      ["METHOD", "PUBLISH"],
      // RFC 7986's names, and those that programs knew before it.
      ["NAME", NAME],
      ["X-WR-CALNAME", NAME],
      ["REFRESH-INTERVAL;VALUE=DURATION", REFRESH],
      ["X-PUBLISHED-TTL", REFRESH],
    ],
    events,
  );
}

interface OwnRow extends CalendarRow {
  status: "CONFIRMED" | "WAITLISTED" | "CANCELLED";
  seatNo: number | null;
  /** When it starts, or was to. */
  shownStart: string;
  /** It was cancelled, or deleted before it was over, or has lost its start. */
  isOff: boolean;
  changedAt: string;
  changes: number;
}

/** SQL for when a competition `c` was cancelled, or deleted; null where it takes place. */
const OFF_AT_SQL = "least(c.deleted_at, c.cancelled_at)";

const CHANGES_SQL = `select competition_id as id, ${PART_CHANGES_SQL} as changes
    from registration where user_id = ? group by competition_id`;

/** Of several registrations of one person, the one that stands counts, else the latest. */
const FIND_OWN = `
select * from (
  select distinct on (c.id) ${CALENDAR_COLUMNS_SQL}, part.changes, r.status, r.seat_no as "seatNo",
         shown.start as "shownStart", c.start_date is null or c.cancelled_at is not null
           or coalesce(c.deleted_at < ${OVER_AT_SQL}, false) as "isOff",
         greatest(r.updated_at, c.updated_at) as "changedAt"
    from registration r join competition c on c.id = r.competition_id
    join (${CHANGES_SQL}) part on part.id = c.id
    cross join lateral (select coalesce(c.start_date, ${lostStartSql("?")}) as start) shown
   where r.user_id = ? and shown.start is not null
     and (r.status <> 'CANCELLED' or r.updated_at > now() - make_interval(days => ?))
     and (${OFF_AT_SQL} is null or ${OFF_AT_SQL} > now() - make_interval(days => ?))
   order by c.id, r.status = 'CANCELLED', r.updated_at desc
) own order by "shownStart" desc, id limit ?`;

function stateOf({ status, seatNo, isOff, changedAt, changes }: OwnRow): EventState {
  const when = { changedAt: new Date(changedAt), changes };
  if (isOff || status === "CANCELLED") return { status: "CANCELLED", ...when };
  if (status === "WAITLISTED") return { status: "TENTATIVE", ...when };
  return { status, seatNo, ...when };
}
