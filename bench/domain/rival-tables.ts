import { randomUUID } from "node:crypto";
import { database } from "~/platform/orm";
import { createPeople } from "../../tests/support/fixtures";

/**
 * The tables of the other sides, in a schema of their own: those of the seed's document, plus what
 * each needs. They get an index for counting that the document does not have, since without one
 * it would be the missing index that is measured.
 */
const TABLES = `
create schema if not exists rival;
create table if not exists rival.competition (
  id uuid primary key, title text not null, description text not null, tags text[] not null,
  capacity int not null, taken int not null default 0, reg_deadline timestamptz(3) not null,
  start_date timestamptz(3), created_by_id uuid not null references "user" (id),
  created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3));
create table if not exists rival.registration (
  id uuid primary key, user_id uuid not null references "user" (id),
  competition_id uuid not null references rival.competition (id),
  idempotency_key text unique, registered_at timestamptz(3) not null default now(),
  unique (competition_id, user_id));`;

/** Makes the rivals' tables. */
export async function createRivalTables(): Promise<void> {
  await database().execute(TABLES);
}

let organizerId: string | undefined;

/** Makes an open competition in the rivals' tables. */
export async function openRivalCompetition({ capacity }: { capacity: number }): Promise<string> {
  organizerId ??= (await createPeople(1, "ORGANIZER"))[0]?.id;
  const id = randomUUID();
  await database().execute(
    `insert into rival.competition (id, title, description, tags, capacity, reg_deadline, start_date, created_by_id)
     values (?, 'A hot competition', 'About it', '{hot}', ?, now() + interval '1 day', now() + interval '30 days', ?)`,
    [id, capacity, organizerId],
  );
  return id;
}

/** The registrations that stand in the rivals' table. */
export async function countRivalRegistrations(competitionId: string): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    "select count(*)::int as count from rival.registration where competition_id = ?",
    [competitionId],
  );
  return row?.count ?? 0;
}
