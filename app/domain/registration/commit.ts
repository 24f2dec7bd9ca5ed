import type { EntityManager } from "@mikro-orm/postgresql";
import { originColumns } from "~/platform/origin";
import { BY_INDEX_SQL, database, type Statement } from "~/platform/orm";
import { UnknownCommit } from "~/platform/postgres-error";
import { COMPETITION_JSON_SQL, type CompetitionColumns } from "../competitions/columns.sql";
import { IS_OPEN_SQL } from "../competitions/conditions.sql";
import { orderMailSql } from "../mail/index.server";
import { diagnose, IS_ITS_KEY_SQL, type Rejection } from "./diagnose";
import { editionIdSql, keepEditionsSql } from "./editions";
import { lockNumberSql } from "./lock";
import { type HeldRegistration, ownPart, type RegistrationBody, registrationBody } from "./outcome";
import { transactionInOneTrip } from "./transaction";

export type Committed =
  | { status: "committed"; body: RegistrationBody }
  | Exclude<Rejection, { status: "landed" }>
  /** Somebody is changing the competition right now: wait for the lock, with others who do. */
  | { status: "locked" };

/**
 * Commits registrations, with their idempotency records and outbox rows, as one unit of work, in one
 * round trip. A rejected one does not hurt its neighbours. Repeating it with the same ids changes
 * nothing and returns the same.
 *
 * @returns one outcome for each registration, in the same order
 * @throws UnknownCommit when COMMIT was not answered, or not all of what it did could be found out;
 *   any other error means rolled back
 */
export async function commitTogether(held: HeldRegistration[]): Promise<Committed[]> {
  const rows = (await transactionInOneTrip(statementsFor(held), BEFORE_COMMIT)) as Rows;
  try {
    return await tell(database(), held, rows);
  } catch (error) {
    if (writtenOf(rows).size > 0) throw new UnknownCommit(error);
    throw error;
  }
}

const BEFORE_COMMIT = ["register-after-insert", "register-before-commit"];

/** The two statements that commit registrations, one after the other. */
export function statementsFor(held: HeldRegistration[]): Statement[] {
  const ids = [...new Set(held.map((one) => one.competitionId))];
  const rows = held.map((one) => ({
    id: one.registrationId,
    user_id: one.user.id,
    competition_id: one.competitionId,
    seat_no: one.seatNo,
    ...(one.seatNo === null ? { line_no: one.lineNo } : { issued: one.issued }),
    registered_at: one.reservedAt.toISOString(),
    epoch: one.epoch,
    ...originColumns(one.origin),
    ...one.idempotency,
    ...(one.idempotency && { body: JSON.stringify(ownPart(one)) }),
  }));
  return [
    { sql: TRY_LOCKS, parameters: [`{${ids.join(",")}}`] },
    { sql: INSERT, parameters: [JSON.stringify(rows)] },
  ];
}

/**
 * What the two statements return. First, which competitions were locked. Then one row for each of those,
 * with its JSON in `said`, and one for each registration that was written, where `said` is null.
 */
export type Rows = [{ locked: string }[], { id: string; said: string | null }[]];

function writtenOf(rows: Rows): Set<string> {
  return new Set(rows[1].filter(({ said }) => said === null).map(({ id }) => id));
}

/** What became of each. @param rows what the statements answered */
export async function tell(
  em: EntityManager,
  held: HeldRegistration[],
  rows: Rows,
): Promise<Committed[]> {
  const [[locks], inserted] = rows;
  const competitions = new Map<string, CompetitionColumns>();
  for (const { id, said } of inserted) if (said !== null) competitions.set(id, JSON.parse(said));
  const written = writtenOf(rows);
  const rejected = held.filter(
    (one) => competitions.has(one.competitionId) && !written.has(one.registrationId),
  );
  const rejections = await diagnose(em, rejected);
  return held.map((one): Committed => {
    const competition = competitions.get(one.competitionId);
    if (!competition) {
      return { status: locks?.locked.includes(one.competitionId) ? "not_found" : "locked" };
    }
    const body = registrationBody(one, competition);
    if (written.has(one.registrationId)) return { status: "committed", body };
    const rejection = rejections.get(one.registrationId);
    if (rejection?.status !== "landed") return rejection ?? { status: "seat_taken" };
    const registeredAt = rejection.registeredAt.toISOString();
    // Somebody who joined the line and was promoted since gets the answer from before: a place.
    const seatNo = body.seatNo === null ? null : rejection.seatNo;
    return {
      status: "committed",
      body: rejection.stored ?? { ...body, seatNo, registeredAt },
    };
  });
}

/**
 * Takes the shared locks that are free, and tells the next statement which. It is a statement of its own
 * because a statement's snapshot is older than the locks that it takes.
 */
const TRY_LOCKS = `
with tried as materialized (
  select c.id, pg_try_advisory_xact_lock_shared(${lockNumberSql("c.id")}) as locked
  from unnest(?::uuid[]) as c(id)
)
select ${BY_INDEX_SQL}, set_config('registration.locked',
  coalesce(array_agg(id) filter (where locked), '{}')::text, true) as locked
from tried`;

/** A seat that Redis gave before it lost its memory may have gone to somebody else since. */
const IS_OF_EPOCH = "(i.epoch is null or i.epoch = c.seat_epoch)";

/** Nobody who waits may be overtaken by somebody to whom Redis gave a seat after their number. */
const OVERTAKES_NOBODY = "coalesce(c.first_waiting > coalesce(i.issued, 2147483647), true)";

const ORDER = {
  payload: { registrationId: "id" },
  origin: { request_id: "request_id", trace_parent: "trace_parent" },
  from: "registered join input using (id)",
};

const ORDER_CONFIRMATION = orderMailSql({
  ...ORDER,
  kind: "registration.confirmed",
  dedupeKey: "'confirmation:' || id",
});

const ORDER_JOINED = orderMailSql({
  ...ORDER,
  kind: "registration.joined",
  dedupeKey: "'joined:' || id",
});

/**
 * One statement for the whole batch, for the competitions that were locked. It leaves out what a
 * constraint would refuse, and `diagnose` then finds out why. The constraints still catch what changes
 * in between.
 *
 * Enqueued in the same transaction: a rolled-back registration must not send mail.
 */
const INSERT = `
with input as (
  select * from json_to_recordset(?::json) as i(id uuid, user_id uuid, competition_id uuid,
    seat_no int, line_no int, issued int, registered_at timestamptz, epoch int, key text,
    fingerprint text, body text, request_id text, trace_parent text)
), locked as (
  select c.id, c.deleted_at, c.published_at, c.cancelled_at, c.opens_at, c.reg_deadline, c.seat_epoch,
    c.waitlist_limit, c.line_base,
    (select min(w.line_no) from registration w
      where w.competition_id = c.id and w.status = 'WAITLISTED') as first_waiting,
    ${COMPETITION_JSON_SQL}::text as said
  from competition c where c.id = any(current_setting('registration.locked')::uuid[])
), editions as (
  select c.id, c.said, ${editionIdSql("c.said")} as edition
  from locked c where exists (select from input i where i.competition_id = c.id and i.key is not null)
), kept as (
  ${keepEditionsSql("editions")}
), registered as (
  insert into registration (id, competition_id, user_id, status, seat_no, line_no, registered_at)
  select i.id, i.competition_id, i.user_id,
    case when i.seat_no is null then 'WAITLISTED' else 'CONFIRMED' end, i.seat_no, i.line_no,
    i.registered_at
  from input i
  join locked c on c.id = i.competition_id and ${IS_OPEN_SQL}
  where ${IS_OF_EPOCH} and not exists (
    select from stored_answer k where ${IS_ITS_KEY_SQL})
    and case when i.seat_no is null then c.waitlist_limit > 0 and i.line_no > c.line_base
      else exists (select from seat s
        where s.competition_id = i.competition_id and s.seat_no = i.seat_no)
      and ${OVERTAKES_NOBODY} end
  -- Whoever asks twice at once may be in two batches: in one order, these wait for each other once at most.
  order by i.competition_id, i.user_id
  on conflict do nothing
  returning id
), remembered as (
  insert into stored_answer (user_id, scope, key, fingerprint, registration_id, body, edition)
  select i.user_id, i.competition_id, i.key, i.fingerprint, i.id, i.body, e.edition
  from input i join registered using (id) join editions e on e.id = i.competition_id
  where i.key is not null
), ordered as (
  ${ORDER_CONFIRMATION}
  where seat_no is not null
), told as (
  ${ORDER_JOINED}
  where seat_no is null
)
select id, null as said from registered union all select id, said from locked`;
