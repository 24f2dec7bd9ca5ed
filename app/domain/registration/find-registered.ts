import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";

/** A registration with what mail about it says. */
interface Registered {
  /** Null for a place in line. */
  seatNo: number | null;
  user: { id: string; email: string; name: string };
  competition: {
    id: string;
    title: string;
    startDate: Date | null;
    isDeleted: boolean;
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
      `select r.id, r.seat_no, u.id as user_id, u.email, u.name, c.id as competition_id, c.title,
         c.start_date, c.deleted_at is not null as deleted, o.name as organizer
       from registration r
       join "user" u on u.id = r.user_id
       join competition c on c.id = r.competition_id
       join "user" o on o.id = c.created_by_id
       where r.id = any(?::uuid[]) and r.status <> 'CANCELLED'`,
      [`{${registrationIds.join(",")}}`],
    );
    const found = new Map(rows.map((row) => [row.id, toRegistered(row)]));
    return registrationIds.map((id) => found.get(id.toLowerCase()) ?? null);
  },
});

function toRegistered(row: RegisteredRow): Registered {
  return {
    seatNo: row.seat_no,
    user: { id: row.user_id, email: row.email, name: row.name },
    competition: {
      id: row.competition_id,
      title: row.title,
      startDate: row.start_date === null ? null : new Date(row.start_date),
      isDeleted: row.deleted,
      organizerName: row.organizer,
    },
  };
}

interface RegisteredRow {
  id: string;
  seat_no: number | null;
  user_id: string;
  email: string;
  name: string;
  competition_id: string;
  title: string;
  start_date: string | null;
  deleted: boolean;
  organizer: string;
}
