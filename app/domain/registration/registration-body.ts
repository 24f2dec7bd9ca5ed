/** Who registers, as the accounts door shows a user. */
export interface RegistrantView {
  id: string;
  email: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

/** A competition's columns, as Postgres' JSON gives them: dates are ISO strings. */
export interface CompetitionColumns {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  regDeadline: string;
  startDate: string | null;
  createdById: string;
  createdAt: string;
  updatedAt: string;
}

/** The answer to a successful registration, ready for JSON. */
export interface RegistrationBody {
  id: string;
  userId: string;
  competitionId: string;
  seatNo: number;
  registeredAt: string;
  user: RegistrantView;
  competition: CompetitionColumns;
}

/** Builds the answer. Stored under the idempotency key, so a repeat hears the same to the byte. */
export function registrationBody({
  registrationId,
  seatNo,
  registeredAt,
  user,
  competition,
}: {
  registrationId: string;
  seatNo: number;
  registeredAt: Date;
  user: RegistrantView;
  competition: CompetitionColumns;
}): RegistrationBody {
  return {
    id: registrationId,
    userId: user.id,
    competitionId: competition.id,
    seatNo,
    registeredAt: registeredAt.toISOString(),
    user: { id: user.id, email: user.email, name: user.name, role: user.role },
    competition,
  };
}

/** SQL for a competition's columns under the names of the API. */
export const COMPETITION_COLUMNS_SQL = `c.id, c.title, c.description, c.tags, c.capacity,
  c.reg_deadline as "regDeadline", c.start_date as "startDate", c.created_by_id as "createdById",
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;

/** A row of `COMPETITION_COLUMNS_SQL`, with the driver's dates as ISO strings. */
export function toCompetitionColumns(row: CompetitionRow): CompetitionColumns {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    tags: row.tags,
    capacity: row.capacity,
    regDeadline: iso(row.regDeadline),
    startDate: row.startDate === null ? null : iso(row.startDate),
    createdById: row.createdById,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
  };
}

type Timestamp = Date | string;

export interface CompetitionRow {
  id: string;
  title: string;
  description: string;
  tags: string[];
  capacity: number;
  regDeadline: Timestamp;
  startDate: Timestamp | null;
  createdById: string;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** The driver hands timestamps over as text or as dates, depending on the query's way. */
function iso(value: Timestamp): string {
  return new Date(value).toISOString();
}
