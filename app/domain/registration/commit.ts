import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { executePrepared, inTransaction } from "~/platform/orm";
import { diagnose, IS_ITS_KEY_SQL, type Refusal } from "./diagnose";
import type { HeldRegistration } from "./outcome";
import {
  COMPETITION_COLUMNS_SQL,
  type CompetitionColumns,
  type CompetitionRow,
  type RegistrationBody,
  registrationBody,
  toCompetitionColumns,
} from "./registration-body";
import { LOCK_NUMBER_SQL, lockCompetition } from "./seats";

export type Committed =
  | { status: "committed"; body: RegistrationBody }
  | Exclude<Refusal, { status: "landed" }>
  /** Somebody changes the competition right now: commit it on its own, and wait for the lock. */
  | { status: "locked" };

/** A transaction whose COMMIT was sent and not answered: it may or may not stand. */
export class UnknownCommit extends Error {
  override name = "UnknownCommit";
}

/**
 * Commits registrations, with their idempotency records and outbox rows, as one unit of work. A
 * refused one does not hurt its neighbours. Repeating it with the same ids changes nothing and
 * answers the same.
 *
 * @returns one outcome a registration, in the same order
 * @throws UnknownCommit when the connection broke at COMMIT; any other error means rolled back
 */
export async function commitRegistrations(held: HeldRegistration[]): Promise<Committed[]> {
  return transaction((em) => commitInTransaction(em, held));
}

/** The same for one registration, waiting its turn for the competition's lock. */
export async function commitRegistrationAlone(held: HeldRegistration): Promise<Committed> {
  const [outcome] = await transaction(async (em) => {
    await lockCompetition(em, { competitionId: held.competitionId, mode: "shared" });
    return commitInTransaction(em, [held]);
  });
  if (!outcome) throw new Error("one registration has one outcome");
  return outcome;
}

/** The work itself, inside the caller's transaction. */
export async function commitInTransaction(
  em: EntityManager,
  held: HeldRegistration[],
): Promise<Committed[]> {
  const competitions = await readAndTryLock(em, [...new Set(held.map((one) => one.competitionId))]);
  return write(em, held, competitions);
}

/** Runs the unit of work and tells an unanswered COMMIT from everything that rolled back. */
export async function transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
  let committing = false;
  try {
    const result = await inTransaction(async (em) => {
      const done = await work(em);
      await failpoint("register-before-commit");
      committing = true;
      return done;
    });
    await failpoint("register-commit-answered");
    return result;
  } catch (error) {
    if (committing) throw new UnknownCommit("the commit was not answered", { cause: error });
    throw error;
  }
}

/**
 * From here to the transaction's end tables are read by their indexes. A plan that is kept may have
 * been made when a table held a page, and would read all of it long after it has grown.
 */
const BY_INDEX = "set_config('enable_seqscan', 'off', true)";

interface LockedCompetition {
  locked: boolean;
  columns: CompetitionColumns;
}

/**
 * Reads the competitions and takes their shared locks where that needs no waiting. The snapshot is
 * older than the lock by a moment, so `write` checks deadline and deletion again under the lock.
 */
async function readAndTryLock(em: EntityManager, ids: string[]) {
  const lock = `pg_try_advisory_xact_lock_shared(${LOCK_NUMBER_SQL.replace("?", "c.id")})`;
  const rows = await executePrepared<CompetitionRow & { locked: boolean }>(
    em,
    `select ${lock} as locked, ${COMPETITION_COLUMNS_SQL}, ${BY_INDEX} from competition c
     where c.id = any(?::uuid[])`,
    [`{${ids.join(",")}}`],
  );
  return new Map<string, LockedCompetition>(
    rows.map((row) => [row.id, { locked: row.locked, columns: toCompetitionColumns(row) }]),
  );
}

async function write(
  em: EntityManager,
  held: HeldRegistration[],
  competitions: Map<string, LockedCompetition>,
): Promise<Committed[]> {
  const bodies = new Map<string, RegistrationBody>();
  for (const one of held) {
    const competition = competitions.get(one.competitionId);
    if (!competition?.locked) continue;
    bodies.set(
      one.registrationId,
      registrationBody({ ...one, registeredAt: one.reservedAt, competition: competition.columns }),
    );
  }
  const writable = held.filter((one) => bodies.has(one.registrationId));
  const written = await insert(em, writable, bodies);
  await failpoint("register-after-insert");
  const refused = writable.filter((one) => !written.has(one.registrationId));
  const diagnoses = await diagnose(em, refused);
  return held.map((one): Committed => {
    const body = bodies.get(one.registrationId);
    if (!body) return { status: competitions.has(one.competitionId) ? "locked" : "gone" };
    if (written.has(one.registrationId)) return { status: "committed", body };
    const refusal = diagnoses.get(one.registrationId);
    if (refusal?.status !== "landed") return refusal ?? { status: "seat_refused" };
    const { seatNo, stored } = refusal;
    const registeredAt = refusal.registeredAt.toISOString();
    return { status: "committed", body: stored ?? { ...body, seatNo, registeredAt } };
  });
}

async function insert(
  em: EntityManager,
  held: HeldRegistration[],
  bodies: Map<string, RegistrationBody>,
): Promise<Set<string>> {
  if (held.length === 0) return new Set();
  const rows = held.map((one) => ({
    id: one.registrationId,
    user_id: one.user.id,
    competition_id: one.competitionId,
    seat_no: one.seatNo,
    registered_at: one.reservedAt.toISOString(),
    epoch: one.epoch ?? null,
    key: one.idempotency?.key ?? null,
    fingerprint: one.idempotency?.fingerprint ?? null,
    body: one.idempotency ? JSON.stringify(bodies.get(one.registrationId)) : null,
  }));
  const inserted = await executePrepared<{ id: string }>(em, INSERT, [JSON.stringify(rows)]);
  return new Set(inserted.map(({ id }) => id));
}

/** What Redis gave before it forgot, it may have given to somebody else since, or denied. */
const IS_OF_EPOCH = "(i.epoch is null or i.epoch = c.seat_epoch)";

const POST = `insert into outbox (dedupe_key, kind, payload)
  select 'confirmation:' || id, 'registration.confirmed', jsonb_build_object('registrationId', id)`;

/**
 * One statement for the whole batch. What a constraint would refuse is left out and told by its
 * absence; the constraints stay behind it for what changes between looking and writing.
 *
 * Enqueued in the same transaction: a rolled-back registration must not send mail.
 */
const INSERT = `
with input as (
  select * from json_to_recordset(?::json) as i(id uuid, user_id uuid, competition_id uuid,
    seat_no int, registered_at timestamptz, epoch int, key text, fingerprint text, body text)
), registered as (
  insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
  select i.id, i.competition_id, i.user_id, 'CONFIRMED', i.seat_no, i.registered_at
  from input i
  join competition c on c.id = i.competition_id and c.deleted_at is null and c.reg_deadline > now()
  join seat s on s.competition_id = i.competition_id and s.seat_no = i.seat_no
  where ${IS_OF_EPOCH} and not exists (
    select from idempotency_key k where ${IS_ITS_KEY_SQL})
  on conflict do nothing
  returning id
), remembered as (
  insert into idempotency_key (user_id, scope, key, fingerprint, registration_id, status, body)
  select i.user_id, i.competition_id, i.key, i.fingerprint, i.id, 201, i.body
  from input i join registered using (id) where i.key is not null
), posted as (
  ${POST} from registered
)
select id from registered`;
