import { randomUUID } from "node:crypto";
import { closeDatabase, database } from "~/platform/orm";
import { createPool } from "~/platform/postgres";
import { closeRedis, keyPrefix, tryRedis } from "~/platform/redis";

export interface Person {
  id: string;
  email: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

const HOUR_MS = 3_600_000;

/** Makes participants, straight into the table, with a password hash that fits no password. */
export async function createPeople(
  count: number,
  role: Person["role"] = "PARTICIPANT",
): Promise<Person[]> {
  const people = Array.from({ length: count }, (): Person => {
    const id = randomUUID();
    return { id, email: `${id}@example.com`, name: `Person ${id.slice(0, 8)}`, role };
  });
  await insert(
    count,
    `insert into "user" (id, email, name, role, password_hash)
     select id, email, name, role, 'x' from json_to_recordset(?::json)
       as p(id uuid, email text, name text, role text)`,
    [JSON.stringify(people)],
  );
  return people;
}

/**
 * Runs a statement without the time limits of requests, which a busy machine may exceed: for setting up
 * many rows.
 */
export async function unhurried(text: string, parameters: unknown[] = []): Promise<void> {
  const pool = createPool({ unlimited: true });
  let count = 0;
  try {
    await pool.query(
      text.replaceAll("?", () => `$${++count}`),
      parameters,
    );
  } finally {
    await pool.end();
  }
}

/** Makes one person. */
export async function createPerson(role: Person["role"] = "PARTICIPANT"): Promise<Person> {
  const [person] = await createPeople(1, role);
  if (!person) throw new Error("nobody was made");
  return person;
}

/** Makes an open competition with its seats and returns its id. */
export async function openCompetition({
  capacity = 10,
  closesInMs = 24 * HOUR_MS,
  title = "Test competition",
  waitlistLimit = 0,
  organizerId,
}: {
  capacity?: number;
  closesInMs?: number;
  title?: string;
  waitlistLimit?: number;
  organizerId?: string;
} = {}): Promise<string> {
  const id = randomUUID();
  const owner = organizerId ?? (await createPerson("ORGANIZER")).id;
  await database().execute(
    `insert into competition (id, title, description, tags, capacity, waitlist_limit, reg_deadline, start_date, created_by_id)
     values (?, ?, 'About it', '{test}', ?, ?, now() + make_interval(secs => ?), now() + interval '30 days', ?)`,
    [id, title, capacity, waitlistLimit, closesInMs / 1_000, owner],
  );
  await insert(
    capacity,
    "insert into seat (competition_id, seat_no) select ?::uuid, generate_series(1, ?::int)",
    [id, capacity],
  );
  return id;
}

/** So many rows may take longer than a request may wait. */
const MANY = 1_000;

async function insert(rows: number, text: string, parameters: unknown[]): Promise<void> {
  if (rows >= MANY) await unhurried(text, parameters);
  else await database().execute(text, parameters);
}

/** The confirmed registrations of a competition, by seat. */
export async function confirmedSeats(
  competitionId: string,
): Promise<{ id: string; userId: string; seatNo: number }[]> {
  const rows = await database().execute<{ id: string; user_id: string; seat_no: number }[]>(
    `select id, user_id, seat_no from registration
     where competition_id = ? and status = 'CONFIRMED' order by seat_no`,
    [competitionId],
  );
  return rows.map((row) => ({ id: row.id, userId: row.user_id, seatNo: row.seat_no }));
}

/** Deletes every key of this test file's, as FLUSHALL would, leaving other files' alone. */
export async function wipeRedis(): Promise<void> {
  await tryRedis(async (client) => {
    const keys = await client.keys(`${keyPrefix()}:*`);
    if (keys.length > 0) await client.unlink(...keys);
    return keys.length;
  });
}

/** Closes what the app modules opened, so that a test file can end. */
export async function closeEverything(): Promise<void> {
  closeRedis();
  await closeDatabase();
}
