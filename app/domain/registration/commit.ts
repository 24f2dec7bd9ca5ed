import type { EntityManager } from "@mikro-orm/postgresql";
import { failpoint } from "~/platform/failpoint";
import { originColumns } from "~/platform/origin";
import { BY_INDEX_SQL, executePrepared, inTransaction } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import { isRefusedCommit } from "~/platform/postgres-error";
import {
  COMPETITION_COLUMNS_SQL,
  type CompetitionColumns,
  type CompetitionRow,
  IS_OPEN_SQL,
  toCompetitionColumns,
} from "../competitions/tables";
import { orderMailSql } from "../mail/index.server";
import { diagnose, IS_ITS_KEY_SQL, type Rejection } from "./diagnose";
import { KEEP_EDITIONS_SQL, takeAnswersApart } from "./editions";
import { lockCompetition, lockNumberSql } from "./lock";
import { type HeldRegistration, type RegistrationBody, registrationBody } from "./outcome";

export type Committed =
  | { status: "committed"; body: RegistrationBody }
  | Exclude<Rejection, { status: "landed" }>
  /** Somebody is changing the competition right now: commit it alone, and wait for the lock. */
  | { status: "locked" };

/** A transaction whose COMMIT was sent, and neither done nor refused: it may or may not stand. */
export class UnknownCommit extends OwnError {
  override name = "UnknownCommit";
}

/**
 * Commits registrations, with their idempotency records and outbox rows, as one unit of work. A
 * rejected one does not hurt its neighbours. Repeating it with the same ids changes nothing and
 * returns the same.
 *
 * @returns one outcome for each registration, in the same order
 * @throws UnknownCommit when the connection broke at COMMIT; any other error means rolled back
 */
export function commitTogether(held: HeldRegistration[]): Promise<Committed[]> {
  return transaction((em) => commitInTransaction(em, held));
}

/** The same for one registration, which waits its turn for the competition's lock. */
export async function commitAlone(held: HeldRegistration): Promise<Committed> {
  const [outcome] = await transaction(async (em) => {
    await lockCompetition(em, { competitionId: held.competitionId, mode: "shared" });
    return commitInTransaction(em, [held]);
  });
  if (!outcome) throw new OwnError("one registration has one outcome");
  return outcome;
}

/** Runs the unit of work and tells a COMMIT of unknown fate from everything that rolled back. */
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
    if (committing && !isRefusedCommit(error))
      throw new UnknownCommit("the commit was not answered", { cause: error });
    throw error;
  }
}

/** The work itself, inside the caller's transaction. */
export async function commitInTransaction(
  em: EntityManager,
  held: HeldRegistration[],
): Promise<Committed[]> {
  const competitions = await readAndTryLock(em, [...new Set(held.map((one) => one.competitionId))]);
  const bodies = new Map<string, RegistrationBody>();
  for (const one of held) {
    const competition = competitions.get(one.competitionId);
    if (competition?.locked) {
      bodies.set(one.registrationId, registrationBody(one, competition.columns));
    }
  }
  const writable = held.filter((one) => bodies.has(one.registrationId));
  const written = await insert(em, writable, bodies);
  await failpoint("register-after-insert");
  const rejected = writable.filter((one) => !written.has(one.registrationId));
  const rejections = await diagnose(em, rejected);
  return held.map((one): Committed => {
    const body = bodies.get(one.registrationId);
    if (!body) return { status: competitions.has(one.competitionId) ? "locked" : "not_found" };
    if (written.has(one.registrationId)) return { status: "committed", body };
    const rejection = rejections.get(one.registrationId);
    if (rejection?.status !== "landed") return rejection ?? { status: "seat_taken" };
    const { seatNo, stored } = rejection;
    const registeredAt = rejection.registeredAt.toISOString();
    return { status: "committed", body: stored ?? { ...body, seatNo, registeredAt } };
  });
}

const READ_AND_TRY_LOCK = `
select pg_try_advisory_xact_lock_shared(${lockNumberSql("c.id")}) as locked,
  ${COMPETITION_COLUMNS_SQL}, ${BY_INDEX_SQL}
from competition c where c.id = any(?::uuid[])`;

interface LockedCompetition {
  locked: boolean;
  columns: CompetitionColumns;
}

/**
 * Reads the competitions and takes their shared locks where that needs no waiting. The snapshot is
 * a moment older than the lock, so the insert checks deadline and deletion again under the lock.
 */
async function readAndTryLock(em: EntityManager, ids: string[]) {
  const rows = await executePrepared<CompetitionRow & { locked: boolean }>(em, READ_AND_TRY_LOCK, [
    `{${ids.join(",")}}`,
  ]);
  return new Map<string, LockedCompetition>(
    rows.map((row) => [row.id, { locked: row.locked, columns: toCompetitionColumns(row) }]),
  );
}

/** @returns the ids of the registrations that were written */
async function insert(
  em: EntityManager,
  held: HeldRegistration[],
  bodies: Map<string, RegistrationBody>,
): Promise<Set<string>> {
  if (held.length === 0) return new Set();
  const { takeApart, editions } = takeAnswersApart();
  const rows = held.map((one) => {
    const body = one.idempotency && bodies.get(one.registrationId);
    return {
      id: one.registrationId,
      user_id: one.user.id,
      competition_id: one.competitionId,
      seat_no: one.seatNo,
      registered_at: one.reservedAt.toISOString(),
      epoch: one.epoch,
      ...originColumns(one.origin),
      ...one.idempotency,
      ...(body && takeApart(body)),
    };
  });
  const parameters = [JSON.stringify(rows), JSON.stringify(editions())];
  const inserted = await executePrepared<{ id: string }>(em, INSERT, parameters);
  return new Set(inserted.map(({ id }) => id));
}

/** A seat that Redis gave before it forgot may have been given to somebody else since. */
const IS_OF_EPOCH = "(i.epoch is null or i.epoch = c.seat_epoch)";

const ORDER_CONFIRMATION = orderMailSql({
  kind: "registration.confirmed",
  dedupeKey: "'confirmation:' || id",
  payload: { registrationId: "id" },
  origin: { request_id: "request_id", trace_parent: "trace_parent" },
  from: "registered join input using (id)",
});

/**
 * One statement for the whole batch. What a constraint would refuse is left out, and its absence
 * from the result tells so; the constraints stand behind it for what changes in between.
 *
 * Enqueued in the same transaction: a rolled-back registration must not send mail.
 */
const INSERT = `
with input as (
  select * from json_to_recordset(?::json) as i(id uuid, user_id uuid, competition_id uuid,
    seat_no int, registered_at timestamptz, epoch int, key text, fingerprint text, body text,
    edition text, request_id text, trace_parent text)
), kept as (
  ${KEEP_EDITIONS_SQL}
), registered as (
  insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
  select i.id, i.competition_id, i.user_id, 'CONFIRMED', i.seat_no, i.registered_at
  from input i
  join competition c on c.id = i.competition_id and ${IS_OPEN_SQL}
  join seat s on s.competition_id = i.competition_id and s.seat_no = i.seat_no
  where ${IS_OF_EPOCH} and not exists (
    select from stored_answer k where ${IS_ITS_KEY_SQL})
  on conflict do nothing
  returning id
), remembered as (
  insert into stored_answer (user_id, scope, key, fingerprint, registration_id, body, edition)
  select i.user_id, i.competition_id, i.key, i.fingerprint, i.id, i.body, i.edition
  from input i join registered using (id) where i.key is not null
), ordered as (
  ${ORDER_CONFIRMATION}
)
select id from registered`;
