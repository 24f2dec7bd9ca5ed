import { setTimeout } from "node:timers/promises";
import { syncSeats } from "~/domain/registration/index.server";
import { tryRedis } from "~/platform/redis";
import { rivals, withClient } from "./rival-database.ts";

export interface Filling {
  competitions: number;
  /** Of each competition. */
  seats: number;
  /** Of these seats, from the first. */
  taken?: number;
}

/**
 * Makes open competitions, which start tomorrow, with registrations in them, by SQL: through the
 * product it would take longer than the measurement. The people registered are made for it, the same
 * ones for each competition.
 *
 * @returns the competitions' ids
 */
export async function fill({ competitions, seats, taken = 0 }: Filling): Promise<string[]> {
  const ids = await withClient(async (client) => {
    await client.query("begin");
    // A foreign key is looked up row by row; these rows are right by how they are made.
    await client.query("set local session_replication_role = replica");
    await client.query(USERS, [Math.max(1, taken)]);
    const { rows } = await client.query<{ id: string }>(COMPETITIONS, [seats, competitions]);
    const own = rows.map(({ id }) => id);
    await client.query(SEATS, [own, seats]);
    if (taken > 0) await client.query(REGISTRATIONS, [own, taken]);
    await client.query("commit");
    return own;
  });
  // Or autovacuum and a checkpoint would run during the measurement.
  await rivals().query("vacuum analyze competition, seat, registration");
  await rivals().query("checkpoint");
  return ids;
}

/** Syncs competitions to Redis, as the first request for each would. */
export async function hydrate(ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const hydrateOneAfterTheOther = async () => {
    for (let id = waiting.pop(); id; id = waiting.pop()) {
      const { status } = await syncSeats({ competitionId: id });
      if (status !== "synced") throw new Error(`a competition's seats: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, hydrateOneAfterTheOther));
  await untilAppendOnlyFileIsQuiet();
}

/** Redis rewrites its file after so many changes at once: that must not run during a measurement. */
async function untilAppendOnlyFileIsQuiet(): Promise<void> {
  for (;;) {
    const answer = await tryRedis((client) => client.info("persistence"));
    if (answer && !/aof_rewrite_(in_progress|scheduled):1/.test(answer)) return;
    await setTimeout(50);
  }
}

const USERS = `
insert into "user" (id, email, name, role, password_hash)
select gen_random_uuid(), 'filled-' || n || '@bench.example', 'Person ' || n, 'PARTICIPANT', 'none'
from generate_series(1, $1::int) n
on conflict do nothing`;

const COMPETITIONS = `
insert into competition
  (id, title, description, tags, capacity, reg_deadline, start_date, created_by_id)
select gen_random_uuid(), 'Competition ' || n, 'About it', '{hot}', $1,
  now() + interval '6 hours',
  (date_trunc('day', now() at time zone 'utc') + interval '36 hours') at time zone 'utc',
  (select id from "user" where email = 'filled-1@bench.example')
from generate_series(1, $2::int) n
returning id`;

const SEATS = `
insert into seat (competition_id, seat_no)
select id, n from unnest($1::uuid[]) id, generate_series(1, $2::int) n`;

const REGISTRATIONS = `
insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
select gen_random_uuid(), competition_id, u.id, 'CONFIRMED', n, now()
from unnest($1::uuid[]) competition_id, generate_series(1, $2::int) n
join "user" u on u.email = 'filled-' || n || '@bench.example'`;
