import type { EntityManager } from "@mikro-orm/postgresql";
import { env } from "~/platform/env";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { namedIn } from "~/platform/origin";
import { OwnError } from "~/platform/own-error";
import { isLoggedOutage, isUnknownCommit, troubleOf } from "~/platform/postgres-error";
import { semaphore } from "~/platform/semaphore";
import { singleton } from "~/platform/singleton";
import { RAISE_LINE_BASE_SQL } from "../competitions/epochs.sql";
import type { Committed } from "./commit";
import { commitInTransaction } from "./commit-locking";
import { announceGap, noteGap } from "./gaps";
import { lockCompetition } from "./lock";
import {
  type Attempt,
  answered,
  type HeldRegistration,
  type Plain,
  type RegisterResult,
  type TryAgain,
  UNAVAILABLE,
} from "./outcome";
import { oweSync } from "./seats/sync";
import { answerRegistered } from "./stored-answer";
import { transaction } from "./transaction";

/** How many may queue for each that runs: about as many as are done within a second. */
const QUEUE_PER_PLACE = 20;
/** A request that has queued this long is asked to come back, milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Registers without Redis: claims a free seat row in Postgres and commits in the same transaction, or
 * takes the place at the end of the line.
 *
 * About as many run at a time as the pool has connections, so that a rush cannot drown Postgres.
 * When those and a short queue are full, people are asked to come back in a second.
 */
export async function registerWithoutRedis(attempt: Attempt): Promise<RegisterResult | TryAgain> {
  try {
    const result = await places().within(() => decideWithoutRedis(attempt), {
      patienceMs: PATIENCE_MS,
    });
    if (result === "refused") return UNAVAILABLE;
    // A repeat that reaches another process must not be answered by a Redis that has not heard of it.
    if ("status" in result && "body" in result) await announceGap();
    return result;
  } catch (error) {
    if (isUnknownCommit(error)) {
      return { again: "commit_unknown", findOut: () => registerWithoutRedis(attempt) };
    }
    if (troubleOf(error) === "other") throw error;
    const line = { err: error, competitionId: attempt.competitionId, ...namedIn(attempt.origin) };
    if (!isLoggedOutage(error)) log.warn(line, "registration rolled back");
    return { again: "rolled_back" };
  }
}

function places() {
  return singleton("registrations-without-redis", () => {
    const most = Math.max(1, env().DATABASE_POOL_MAX - 2);
    return semaphore({ most, queue: most * QUEUE_PER_PLACE });
  });
}

/** The decision itself, before other processes know of it. */
export async function decideWithoutRedis(attempt: Attempt): Promise<RegisterResult | TryAgain> {
  let outcome = await transaction((em) => claimAndWrite(em, attempt));
  if (outcome.status === "competition_full" && attempt.wantsLine) {
    outcome = await transaction((em) => joinAndWrite(em, attempt));
  }
  switch (outcome.status) {
    case "committed":
      // Redis must not hand this seat out again when it is back.
      oweSync(attempt.competitionId);
      return answered(outcome.body);
    case "replayed":
      return answered(outcome.body, { replayed: true });
    case "already_waiting":
      return answerRegistered(attempt);
    case "seat_taken":
      return { again: "seat_lost" };
    case "locked":
    case "seats_being_claimed":
      return UNAVAILABLE;
    default:
      return outcome;
  }
}

type Claimed = Committed | Plain<"competition_full" | "waitlist_full" | "seats_being_claimed">;

async function claimAndWrite(em: EntityManager, attempt: Attempt): Promise<Claimed> {
  const { competitionId } = attempt;
  await lockCompetition(em, { competitionId, mode: "shared" });
  const seatNo = await claimSeat(em, competitionId);
  // Even without a seat, writing finds the user's earlier answer, a passed deadline, and so on.
  const outcome = await write(em, {
    ...attempt,
    seatNo: seatNo ?? 0,
    reservedAt: await clockOf(em),
  });
  if (outcome.status !== "seat_taken" || seatNo) return outcome;
  await failpoint("register-before-full");
  return { status: (await isFull(em, attempt)) ? "competition_full" : "seats_being_claimed" };
}

/**
 * Joins the line, alone under the lock. It takes a number that no process with Redis can have given, and
 * makes all lower ones impossible to commit, so that everybody who is being decided there comes after.
 */
async function joinAndWrite(em: EntityManager, attempt: Attempt): Promise<Claimed> {
  const { competitionId } = attempt;
  await lockCompetition(em, { competitionId, mode: "exclusive" });
  const seatNo = await claimSeat(em, competitionId);
  const reservedAt = await clockOf(em);
  if (seatNo) return write(em, { ...attempt, seatNo, reservedAt });
  const [line]: { next: number; waiting: number; limit: number }[] = await em.execute(LINE, [
    competitionId,
  ]);
  if (!line || line.waiting >= line.limit) {
    return { status: line?.limit ? "waitlist_full" : "competition_full" };
  }
  const place = { lineNo: line.next, placeAtJoin: line.waiting + 1 };
  const outcome = await write(em, { ...attempt, seatNo: null, ...place, reservedAt });
  if (outcome.status === "committed") {
    await em.execute(RAISE_LINE_BASE_SQL, [line.next, competitionId]);
  }
  return outcome;
}

/** More numbers than Redis gives in any rush before it hears of this one. */
const LINE_APART = 4_096;

const LINE = `
select greatest(c.line_base, coalesce((select max(line_no) from registration r
    where r.competition_id = c.id and r.line_no is not null), 0)) + ${LINE_APART} as next,
  (select count(*)::int from registration r
    where r.competition_id = c.id and r.status = 'WAITLISTED') as waiting,
  c.waitlist_limit as limit
from competition c where c.id = ?`;

async function write(em: EntityManager, held: HeldRegistration): Promise<Committed> {
  const [outcome] = await commitInTransaction(em, [held]);
  if (!outcome) throw new OwnError("one registration has one outcome");
  const { competitionId } = held;
  if (outcome.status === "committed") {
    await noteGap(em, { competitionId, registrationId: outcome.body.id });
  }
  return outcome;
}

/**
 * A free seat's number; none while anybody waits. Seats that others are claiming at this moment are
 * passed over.
 */
async function claimSeat(em: EntityManager, competitionId: string): Promise<number | undefined> {
  const [row] = await em.execute<{ seat_no: number }[]>(
    `select s.seat_no from seat s
     where s.competition_id = ? and not exists (
       select 1 from registration r
       where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
       and not exists (select from registration w
         where w.competition_id = s.competition_id and w.status = 'WAITLISTED')
     order by s.seat_no limit 1 for update of s skip locked`,
    [competitionId],
  );
  return row?.seat_no;
}

/**
 * Full means that others have committed every seat, or that others wait. A seat that is only being
 * claimed may become free again, and since the diagnosis the last one may have gone to this very
 * request, by way of another process.
 */
async function isFull(em: EntityManager, { competitionId, user }: Attempt): Promise<boolean> {
  const [row] = await em.execute<{ full: boolean }[]>(
    `select (count(*) filter (where status = 'CONFIRMED')
         >= (select capacity from competition where id = ?) or bool_or(status = 'WAITLISTED'))
       and not coalesce(bool_or(user_id = ?), false) as full
     from registration where competition_id = ? and status <> 'CANCELLED'`,
    [competitionId, user.id, competitionId],
  );
  return row?.full ?? false;
}

/** Postgres' clock: an application server's may be wrong. */
async function clockOf(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: Date | string }[]>("select now() as now");
  return new Date(row?.now ?? Date.now());
}
