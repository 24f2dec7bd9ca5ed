import type { EntityManager } from "@mikro-orm/postgresql";
import { hashPassword } from "~/domain/accounts/index.server";
import { orderMail } from "~/domain/mail/index.server";
import { syncSeats } from "~/domain/registration/index.server";
import { now } from "~/platform/clock";
import { database } from "~/platform/orm";
import {
  DEMO_PASSWORD,
  SEED_COMPETITIONS,
  SEED_USERS,
  type SeedCompetition,
  type SeedMoment,
  seedRegistrationId,
} from "./data";

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
  const passwordHash = options.organizer ? "" : await hashPassword(DEMO_PASSWORD);
  const result = await database().transactional((em) => write(em, options, passwordHash));
  // A Redis that outlived its database may know these ids from before.
  await Promise.all(SEED_COMPETITIONS.map(({ id }) => syncSeats({ competitionId: id })));
  return result;
}

async function write(
  em: EntityManager,
  { ifEmpty, organizer }: SeedOptions,
  passwordHash: string,
): Promise<SeedResult> {
  // Two seeds at once: the second waits, then finds everything there.
  await em.execute("select pg_advisory_xact_lock(hashtextextended('seed', 0))");
  const moved = await moveAhead(em);
  if (ifEmpty && (await isInUse(em))) return { status: "in_use", moved };
  const users = organizer ? 0 : await writeUsers(em, passwordHash);
  const ids = await findUserIds(em, organizer);
  if (organizer && !ids.has(organizer)) return { status: "organizer_not_found" };
  let competitions = 0;
  let registrations = 0;
  for (const [index, competition] of SEED_COMPETITIONS.entries()) {
    const createdById = ids.get(organizer ?? competition.organizer);
    if (!createdById || !(await writeCompetition(em, { competition, createdById, index })))
      continue;
    competitions++;
    if (!organizer) registrations += await writeRegistrations(em, competition, ids);
  }
  return { status: "written", users, competitions, registrations, moved };
}

async function isInUse(em: EntityManager): Promise<boolean> {
  const rows: unknown[] = await em.execute(`select 1 from "user" limit 1`);
  return rows.length > 0;
}

async function writeUsers(em: EntityManager, passwordHash: string): Promise<number> {
  const rows: unknown[] = await em.execute(
    `insert into "user" (id, email, name, role, password_hash)
     select id, email, name, role, ? from json_to_recordset(?::json)
       as u(id uuid, email text, name text, role text)
     on conflict do nothing returning 1`,
    [passwordHash, JSON.stringify(SEED_USERS)],
  );
  return rows.length;
}

/** Ids by email: whoever signed up with a seed's address before keeps their own. */
async function findUserIds(em: EntityManager, organizer?: string): Promise<Map<string, string>> {
  const emails = organizer ? [organizer] : SEED_USERS.map(({ email }) => email);
  const rows: { id: string; email: string }[] = await em.execute(
    `select id, email from "user"
      where email in (select json_array_elements_text(?::json)) and (? or role = 'ORGANIZER')`,
    [JSON.stringify(emails), organizer === undefined],
  );
  return new Map(rows.map(({ id, email }) => [email, id]));
}

async function writeCompetition(
  em: EntityManager,
  {
    competition,
    createdById,
    index,
  }: { competition: SeedCompetition; createdById: string; index: number },
): Promise<boolean> {
  const { id, title, description, tags, capacity, regDeadline, startDate } = competition;
  const created = atMoment({ days: index - 10, time: "12:00" });
  const rows: unknown[] = await em.execute(
    `insert into competition (id, title, description, tags, capacity, reg_deadline, start_date,
                              created_by_id, created_at)
     values (?, ?, ?, array(select json_array_elements_text(?::json)), ?, ?, ?, ?, ?)
     on conflict (id) do nothing returning 1`,
    [
      id,
      title,
      description,
      JSON.stringify(tags),
      capacity,
      atMoment(regDeadline),
      atMoment(startDate),
      createdById,
      created,
    ],
  );
  if (rows.length === 0) return false;
  await em.execute("insert into seat (competition_id, seat_no) select ?, generate_series(1, ?)", [
    id,
    capacity,
  ]);
  return true;
}

async function writeRegistrations(
  em: EntityManager,
  competition: SeedCompetition,
  ids: Map<string, string>,
): Promise<number> {
  const rows = competition.registered.map((email, index) => ({
    id: seedRegistrationId(competition, index + 1),
    user_id: ids.get(email),
    seat_no: index + 1,
    registered_at: atMoment({ days: -3, time: `1${index}:30` }),
  }));
  await em.execute(
    `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
     select id, ?, user_id, 'CONFIRMED', seat_no, registered_at from json_to_recordset(?::json)
       as r(id uuid, user_id uuid, seat_no int, registered_at timestamptz)`,
    [competition.id, JSON.stringify(rows)],
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

async function moveAhead(em: EntityManager): Promise<number> {
  const dates = SEED_COMPETITIONS.map(({ id, regDeadline, startDate }) => ({
    id,
    reg_deadline: atMoment(regDeadline),
    start_date: atMoment(startDate),
  }));
  const rows: unknown[] = await em.execute(
    `update competition c
        set reg_deadline = d.reg_deadline, start_date = d.start_date, updated_at = clock_timestamp()
       from json_to_recordset(?::json)
         as d(id uuid, reg_deadline timestamptz, start_date timestamptz)
      where c.id = d.id and c.start_date < now() and c.deleted_at is null returning 1`,
    [JSON.stringify(dates)],
  );
  return rows.length;
}

function atMoment({ days, time }: SeedMoment): string {
  const day = new Date(now());
  day.setUTCDate(day.getUTCDate() + days);
  return `${day.toISOString().slice(0, 10)}T${time}:00Z`;
}
