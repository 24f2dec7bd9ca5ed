import { type Actor, requireRoleFor } from "~/domain/access";
import { database } from "~/platform/orm";
import { OVER_AT_SQL } from "../competitions/conditions.sql";
import { type ListPage, placeOf } from "../paging";
import { hasWordsSql, plainSql, searching, wordsOf } from "../searching";
import { findPlacesInLine, placeInWords } from "./line/place";

/** The parts of a participant's list, in their order. */
const PARTS = ["upcoming", "in line", "past", "cancelled"] as const;

/** Why it is off, and who ended it. */
type Off = "by the organizer" | "taken down" | "given back" | "left the line";

/** A seat of the participant's own, or a place in line, as their list shows it. */
export interface OwnSeat {
  id: string;
  part: (typeof PARTS)[number];
  /** Null for a place in line, and for what they gave back. */
  seatNo: number | null;
  /** Where they stand in line, as "12th"; null unless they are waiting. */
  place: string | null;
  /** Null where it is not off. */
  off: Off | null;
  registeredAt: Date;
  competition: { id: string; title: string; startDate: Date | null; timeZone: string };
}

/**
 * A numbered page of a participant's own registrations: upcoming seats by date, places in line, what is
 * past (latest first), and what is off. Each competition appears once: a registration that stands wins
 * over one that was given back, and one taken down after it was over counts as past. Rows, order and
 * total come from one snapshot, sorted anew each time: one person has few.
 *
 * @param q words that the title must have, in any order, whatever their case and accents
 * @throws DomainError `forbidden` for anybody else; `unavailable` when a search takes too long
 */
export async function browseOwnRegistrations(asked: {
  actor: Actor;
  page: number;
  perPage: number;
  q?: string;
}): Promise<ListPage<OwnSeat>> {
  const { actor, page, perPage, q = "" } = asked;
  requireRoleFor({ actor, action: "list own registrations" });
  const words = wordsOf(q);
  const read = (em = database()): Promise<OwnSeatRow[]> =>
    em.execute(listSql(hasWordsSql(plainSql("c.title"), words)), [
      actor.id,
      ...words,
      ...[perPage, (page - 1) * perPage, perPage, perPage],
    ]);
  const rows = await (words.length > 0 ? searching(read) : read());
  const { shown } = placeOf({ page, perPage, total: rows[0]?.total ?? 0 });
  const waiting = rows.filter(({ part }) => part === PARTS.indexOf("in line"));
  const places = await findPlacesInLine(
    waiting.map(({ id: registrationId, competition_id: competitionId, line_no: lineNo }) => {
      return { competitionId, userId: actor.id, registrationId, lineNo };
    }),
  );
  const placeOfRow = new Map(places.map((place, n) => [waiting[n]?.id, placeInWords(place)]));
  return { ...shown, items: rows.map((row) => toSeat(row, placeOfRow.get(row.id) ?? null)) };
}

/** SQL for why a registration `r` in a competition `c` is off, and since when; null where it is not. */
const OFF_SQL = `case when r.status = 'CANCELLED' then
    case when r.line_no is null or r.promoted_at is not null then 'given back' else 'left the line' end
  when c.deleted_at is not null then 'taken down'
  when c.cancelled_at is not null then 'by the organizer' end`;
const OFF_AT_SQL = `case when r.status = 'CANCELLED' then r.updated_at
  else least(c.deleted_at, c.cancelled_at) end`;

/** Upcoming ones without a start come last. A page past the last one is the last one. */
const listSql = (hasWords: string) => `
with own as (
  select r.*, case when off_at < coalesce(ended_at, 'infinity') then 3 when ended_at <= now() then 2
      when seat_no is null then 1 else 0 end as part
    from (
      select distinct on (c.id) r.id, r.seat_no, r.line_no, r.registered_at, c.id as competition_id,
             c.title, c.start_date, c.time_zone, ${OVER_AT_SQL} as ended_at, ${OFF_SQL} as off,
             ${OFF_AT_SQL} as off_at
        from registration r join competition c on c.id = r.competition_id
       where r.user_id = ?${hasWords}
       order by c.id, r.status = 'CANCELLED', r.updated_at desc) r
)
select *, count(*) over ()::int as total from own
 order by part, case when part < 2 then coalesce(start_date, 'infinity') end,
       case part when 2 then ended_at when 3 then off_at end desc, id
 limit ? offset least(?, (select (greatest(count(*), 1) - 1) / ? * ? from own))`;

interface OwnSeatRow {
  id: string;
  part: number;
  seat_no: number | null;
  line_no: number;
  registered_at: string;
  competition_id: string;
  title: string;
  start_date: string | null;
  time_zone: string;
  off: Off | null;
  total: number;
}

function toSeat(row: OwnSeatRow, place: string | null): OwnSeat {
  const { id, competition_id, title, start_date, time_zone: timeZone } = row;
  const startDate = start_date === null ? null : new Date(start_date);
  return {
    id,
    part: PARTS[row.part] ?? "cancelled",
    seatNo: row.seat_no,
    place,
    off: row.off,
    registeredAt: new Date(row.registered_at),
    competition: { id: competition_id, title, startDate, timeZone },
  };
}
