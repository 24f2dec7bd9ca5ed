import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import { TAKES_PLACE_SQL } from "../competitions/conditions.sql";
import {
  CALENDAR_COLUMNS_SQL,
  type CalendarFacts,
  type CalendarRow,
  CHANGES_OF_SQL,
  toCalendarFacts,
  toOwnFacts,
} from "./calendar/event";

/** A registration with what mail about it says. */
export interface Registered {
  /** Null for a place in line. */
  seatNo: number | null;
  user: { id: string; email: string; name: string };
  /** One object for all who were looked up together, except those whose calendar must be told more. */
  competition: ToldCompetition;
}

/** What mail says of a competition. */
export interface ToldCompetition extends CalendarFacts {
  timeZone: string;
  isDeleted: boolean;
  /** Its deadline has passed. */
  isClosed: boolean;
  /** It was neither cancelled nor deleted. */
  takesPlace: boolean;
  /** What its organizer said when they cancelled it. */
  cancelMessage: string | null;
  organizerName: string;
}

/** A registration with a seat, or null when there is none. */
export async function findConfirmed(id: string): Promise<(Registered & { seatNo: number }) | null> {
  const found = await findRegistered(id);
  if (!found || found.seatNo === null) return null;
  return { ...found, seatNo: found.seatNo };
}

/** A registration with a seat or a place in line, or null when there is none or it was cancelled. */
export const findRegistered = inBatches<string, Registered | null>({
  most: 500,
  async run(registrationIds) {
    const [{ own, told } = { own: [], told: [] }] = await database().execute<
      { own: RegisteredRow[]; told: ToldRow[] }[]
    >(FIND, [`{${registrationIds.join(",")}}`]);
    const competitions = new Map(
      told.map((row) => [row.id, { ...row, ...toCalendarFacts(row) }] as const),
    );
    const found = new Map(own.map((row) => [row.id, toRegistered(row, competitions)]));
    return registrationIds.map((id) => found.get(id.toLowerCase()) ?? null);
  },
});

interface RegisteredRow {
  id: string;
  competition_id: string;
  seat_no: number | null;
  user_id: string;
  email: string;
  name: string;
  changes: number;
  changed_at: string;
}

function toRegistered(row: RegisteredRow, competitions: Map<string, ToldCompetition>): Registered {
  const competition = competitions.get(row.competition_id);
  if (!competition) throw new OwnError("a registration has no competition");
  const own = { changes: row.changes, changedAt: new Date(row.changed_at) };
  return {
    seatNo: row.seat_no,
    user: { id: row.user_id, email: row.email, name: row.name },
    competition: toOwnFacts(competition, own),
  };
}

/** One statement, so one snapshot. A crowd's mail is about one competition, which is read only once. */
const FIND = `
with own as (
  select r.id, r.competition_id, r.seat_no, u.id as user_id, u.email, u.name,
    ${CHANGES_OF_SQL} as changes, r.updated_at as changed_at
  from registration r join "user" u on u.id = r.user_id
  where r.id = any(?::uuid[]) and r.status <> 'CANCELLED'
), told as (
  select ${CALENDAR_COLUMNS_SQL}, c.time_zone as "timeZone", c.deleted_at is not null as "isDeleted",
    c.reg_deadline <= now() as "isClosed", ${TAKES_PLACE_SQL} as "takesPlace",
    c.cancel_message as "cancelMessage", o.name as "organizerName"
  from competition c join "user" o on o.id = c.created_by_id
  where c.id in (select competition_id from own)
)
select (select coalesce(json_agg(own), '[]') from own) as own,
  (select coalesce(json_agg(told), '[]') from told) as told`;

type ToldRow = CalendarRow & Omit<ToldCompetition, keyof CalendarFacts>;
