import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { createPool } from "~/platform/postgres";
import { createPeople } from "../../tests/support/fixtures.ts";

/** No limits of time for the other sides: an error would be quicker than an answer. */
export const PATIENCE = { unlimited: true, connectionTimeoutMs: 120_000 };

let pool: Pool | undefined;

/** The other sides' connections, as many as the product has. */
export function rivals(): Pool {
  pool ??= createPool(PATIENCE);
  return pool;
}

export async function closeRivals(): Promise<void> {
  await pool?.end();
}

/** Lends one connection. */
export async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await rivals().connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/**
 * The tables of the other sides, in a schema of their own: those of the predecessor, plus what
 * each side needs. The index for counting is not in that document: without it, a benchmark would
 * measure the missing index.
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
  unique (competition_id, user_id));
create table if not exists rival.line (
  competition_id uuid not null references rival.competition (id),
  user_id uuid not null references "user" (id), place int not null,
  primary key (competition_id, user_id));
create index if not exists line_place on rival.line (competition_id, place);
create table if not exists rival.mail_box (
  id uuid primary key, user_id uuid not null references "user" (id), "to" text not null,
  subject text not null, body text not null, sent_at timestamptz(3) not null default now(),
  job_id text);
create table if not exists rival.failed_job (
  id uuid primary key, job_name text not null, job_data jsonb not null, error text not null,
  attempts int not null, failed_at timestamptz(3) not null default now());`;

/** Makes the rivals' tables. */
export async function createRivalTables(): Promise<void> {
  await rivals().query(TABLES);
}

let organizerId: string | undefined;

/** Makes an open competition in the rivals' tables. */
export async function openRivalCompetition({ capacity }: { capacity: number }): Promise<string> {
  organizerId ??= (await createPeople(1, "ORGANIZER"))[0]?.id;
  const id = randomUUID();
  await rivals().query(
    `insert into rival.competition (id, title, description, tags, capacity, reg_deadline, start_date, created_by_id)
     values ($1, 'A hot competition', 'About it', '{hot}', $2, now() + interval '1 day', now() + interval '30 days', $3)`,
    [id, capacity, organizerId],
  );
  return id;
}

/** How many registrations are in the rivals' table. */
export async function countRivalRegistrations(competitionId: string): Promise<number> {
  const { rows } = await rivals().query<{ count: number }>(
    "select count(*)::int as count from rival.registration where competition_id = $1",
    [competitionId],
  );
  return rows[0]?.count ?? 0;
}
