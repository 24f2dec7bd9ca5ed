import type { EntityManager } from "@mikro-orm/postgresql";
import { hashPassword } from "~/domain/accounts/index.server";
import { orderMail } from "~/domain/mail/index.server";
import { syncSeats } from "~/domain/registration/index.server";
import { now } from "~/platform/clock";
import { database } from "~/platform/orm";
import { DEMO_PASSWORD, SEED_USERS, seedCompetitions, seedRegistrations } from "./data.ts";

export interface SeedOptions {
  /** Write nothing new into a database that anybody uses. */
  ifEmpty: boolean;
  /** Without demo users: whose the competitions become, by email. Nobody is registered then. */
  organizer?: string;
}

export type SeedResult =
  | { status: "written"; users: number; competitions: number; registrations: number; moved: number }
  | { status: "in_use"; moved: number }
  | { status: "organizer_not_found" };

/**
 * Writes the seed, and of it only what is missing. Seed competitions whose start has passed are
 * moved ahead, so that there is always something to register for.
 */
export async function writeSeed(options: SeedOptions): Promise<SeedResult> {
  const passwordHash = options.organizer ? "" : await hashPassword({ password: DEMO_PASSWORD });
  const competitions = seedCompetitions(now());
  const result = await database().transactional(async (em): Promise<SeedResult> => {
    // Two seeds at once: the second waits, then finds everything there.
    await em.execute("select pg_advisory_xact_lock(hashtextextended('seed', 0))");
    const moved = await moveAhead(em, competitions);
    if (options.ifEmpty && (await isInUse(em))) return { status: "in_use", moved };
    const written = await (options.organizer
      ? writeFor(em, options.organizer, competitions)
      : writeEverything(em, passwordHash, competitions));
    return written ? { status: "written", ...written, moved } : { status: "organizer_not_found" };
  });
  // A Redis that outlived its database may know these ids from before.
  await Promise.all(competitions.map(({ id }) => syncSeats({ competitionId: id })));
  return result;
}

type Competitions = ReturnType<typeof seedCompetitions>;

async function moveAhead(em: EntityManager, competitions: Competitions): Promise<number> {
  const rows: unknown[] = await em.execute(
    `update competition c
        set reg_deadline = d.reg_deadline, start_date = d.start_date,
            ends_at = d.ends_at, updated_at = clock_timestamp()
       from json_populate_recordset(null::competition, ?) d
      where c.id = d.id and c.start_date < now() and c.deleted_at is null returning 1`,
    [JSON.stringify(competitions)],
  );
  return rows.length;
}

async function isInUse(em: EntityManager): Promise<boolean> {
  const rows: unknown[] = await em.execute(`select 1 from "user" limit 1`);
  return rows.length > 0;
}

async function writeFor(em: EntityManager, organizer: string, competitions: Competitions) {
  const found: unknown[] = await em.execute(
    `select 1 from "user" where email = ? and role = 'ORGANIZER'`,
    [organizer],
  );
  if (found.length === 0) return null;
  const theirs = competitions.map((competition) => ({ ...competition, organizer }));
  const written = await writeCompetitions(em, theirs);
  return { users: 0, competitions: written.length, registrations: 0 };
}

async function writeEverything(em: EntityManager, passwordHash: string, wanted: Competitions) {
  const users: unknown[] = await em.execute(
    `insert into "user" (id, email, name, role, password_hash)
     select id, email, name, role, ? from json_populate_recordset(null::"user", ?)
     on conflict do nothing returning 1`,
    [passwordHash, JSON.stringify(SEED_USERS)],
  );
  const competitions = await writeCompetitions(em, wanted);
  const registrations = await writeRegistrations(em, competitions);
  return { users: users.length, competitions: competitions.length, registrations };
}

/** @returns the ids of the competitions that were missing */
async function writeCompetitions(em: EntityManager, competitions: Competitions): Promise<string[]> {
  const rows: { id: string }[] = await em.execute(
    `with written as (
       insert into competition (id, title, description, tags, capacity, reg_deadline, start_date,
                                ends_at, time_zone, location, slug, created_at, created_by_id)
       select c.id, title, description, tags, capacity, reg_deadline, start_date,
              ends_at, time_zone, location,
              case when exists (select from competition o where o.slug = c.slug) then null
                else c.slug end, c.created_at, u.id
         from json_array_elements(?) row, json_populate_record(null::competition, row) c, "user" u
        where u.email = row->>'organizer'
       on conflict (id) do nothing returning id, capacity),
     seats as (
       insert into seat (competition_id, seat_no)
       select id, seat_no from written, generate_series(1, capacity) seat_no)
     select id from written`,
    [JSON.stringify(competitions)],
  );
  return rows.map(({ id }) => id);
}

async function writeRegistrations(em: EntityManager, competitions: string[]): Promise<number> {
  const wanted = seedRegistrations(now()).filter(({ competition_id: id }) =>
    competitions.includes(id),
  );
  const rows: { id: string }[] = await em.execute(
    `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
     select r.id, competition_id, u.id, status, seat_no, registered_at
       from json_array_elements(?) row, json_populate_record(null::registration, row) r, "user" u
      where u.email = row->>'email' returning id`,
    [JSON.stringify(wanted)],
  );
  await orderMail(
    em,
    rows.map(({ id }) => ({
      dedupeKey: `confirmation:${id}`,
      kind: "registration.confirmed" as const,
      payload: { registrationId: id },
    })),
  );
  return rows.length;
}
