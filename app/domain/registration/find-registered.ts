import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
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
  competition: CalendarFacts & {
    timeZone: string;
    isDeleted: boolean;
    /** Its deadline has passed. */
    isClosed: boolean;
    /** It was neither cancelled nor deleted. */
    takesPlace: boolean;
    /** What its organizer said when they cancelled it. */
    cancelMessage: string | null;
    organizerName: string;
  };
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
    const rows: RegisteredRow[] = await database().execute(
      `select ${CALENDAR_COLUMNS_SQL}, r.id as registration_id, r.seat_no, u.id as user_id, u.email,
         u.name, c.time_zone, c.deleted_at is not null as deleted,
         c.reg_deadline <= now() as closed,
         ${CHANGES_OF_SQL} as changes, r.updated_at as changed_at, ${TAKES_PLACE_SQL} as takes_place, c.cancel_message, o.name as organizer
       from registration r
       join "user" u on u.id = r.user_id
       join competition c on c.id = r.competition_id
       join "user" o on o.id = c.created_by_id
       where r.id = any(?::uuid[]) and r.status <> 'CANCELLED'`,
      [`{${registrationIds.join(",")}}`],
    );
    const found = new Map(rows.map((row) => [row.registration_id, toRegistered(row)]));
    return registrationIds.map((id) => found.get(id.toLowerCase()) ?? null);
  },
});

function toRegistered(row: RegisteredRow): Registered {
  const own = { changes: row.changes, changedAt: new Date(row.changed_at) };
  return {
    seatNo: row.seat_no,
    user: { id: row.user_id, email: row.email, name: row.name },
    competition: {
      ...toOwnFacts(toCalendarFacts(row), own),
      timeZone: row.time_zone,
      isDeleted: row.deleted,
      isClosed: row.closed,
      takesPlace: row.takes_place,
      cancelMessage: row.cancel_message,
      organizerName: row.organizer,
    },
  };
}

interface RegisteredRow extends CalendarRow {
  registration_id: string;
  seat_no: number | null;
  user_id: string;
  email: string;
  name: string;
  time_zone: string;
  changes: number;
  changed_at: string;
  deleted: boolean;
  closed: boolean;
  takes_place: boolean;
  cancel_message: string | null;
  organizer: string;
}
