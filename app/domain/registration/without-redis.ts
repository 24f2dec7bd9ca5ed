import type { EntityManager } from "@mikro-orm/postgresql";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { troubleOf } from "~/platform/postgres-error";
import { semaphore } from "~/platform/semaphore";
import { singleton } from "~/platform/singleton";
import { commitInTransaction, transaction, UnknownCommit } from "./commit";
import type { Again, Attempt, RegisterResult } from "./outcome";
import { announced, lockCompetition, noteRedisGap, oweSync } from "./seats";

/** Waiting for a place costs less than an error, up to about a second's worth of work. */
const QUEUE_PER_PLACE = 20;
/** Milliseconds: whoever waited that long is told to come back rather than kept waiting. */
const PATIENCE_MS = 1_000;

const UNAVAILABLE: RegisterResult = { status: "unavailable", retryAfterSeconds: 1 };

/**
 * The path without Redis: claims a free seat row in Postgres and commits in the same transaction.
 * It is bounded by about the pool's size, so that a rush cannot drown Postgres; beyond that and a
 * short queue people are asked to come back in a second.
 *
 * @returns why to try again, when the seat was lost to somebody else or the commit failed
 */
export async function registerThroughPostgres(attempt: Attempt): Promise<RegisterResult | Again> {
  try {
    const result = await places()(() => claimAndCommit(attempt));
    if (result === "refused") return UNAVAILABLE;
    // Whoever repeats the request elsewhere must not hear of a Redis that knows nothing of it.
    if (typeof result === "object" && result.status === "registered") await announced();
    return result;
  } catch (error) {
    if (error instanceof UnknownCommit) return () => registerThroughPostgres(attempt);
    if (troubleOf(error) === "other") throw error;
    log.warn({ err: error, competitionId: attempt.competitionId }, "registration rolled back");
    return "rolled back";
  }
}

function places() {
  return singleton("postgres-path", () => {
    const most = Math.max(1, env().DATABASE_POOL_MAX - 2);
    return semaphore({ most, queue: most * QUEUE_PER_PLACE, patienceMs: PATIENCE_MS });
  });
}

async function claimAndCommit(attempt: Attempt): Promise<RegisterResult | Again> {
  const { competitionId } = attempt;
  const outcome = await transaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "shared" });
    const claimed = await claimSeat(em, competitionId);
    // Without a seat it still finds the user's own earlier answer, a passed deadline, and so on.
    const held = { ...attempt, seatNo: claimed?.seatNo ?? 0, reservedAt: await clockOf(em) };
    const [committed] = await commitInTransaction(em, [held]);
    if (committed?.status === "committed") {
      await noteRedisGap(em, { competitionId, registrationId: committed.body.id });
    }
    if (committed?.status !== "seat_refused" || claimed) return committed;
    return { status: (await isFull(em, competitionId)) ? ("full" as const) : ("busy" as const) };
  });
  switch (outcome?.status) {
    case "committed":
      // Redis, when it is back, must not hand this seat out again.
      oweSync(competitionId);
      return { status: "registered", replayed: false, body: outcome.body };
    case "replayed":
      return { status: "registered", replayed: true, body: outcome.body };
    case "mismatch":
      return { status: "key_reused" };
    case "closed":
      return { status: "deadline_passed" };
    case "gone":
      return { status: "not_found" };
    case "already_registered":
    case "full":
      return { status: outcome.status };
    case "seat_refused":
      return "lost the seat";
    default:
      return UNAVAILABLE;
  }
}

/** Seats that others are claiming at this moment are passed over. */
async function claimSeat(em: EntityManager, competitionId: string) {
  const [row] = await em.execute<{ seat_no: number }[]>(
    `select s.seat_no from seat s
     where s.competition_id = ? and not exists (
       select 1 from registration r
       where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
     order by s.seat_no limit 1 for update of s skip locked`,
    [competitionId],
  );
  return row && { seatNo: row.seat_no };
}

/** Full means committed: a seat that is only being claimed may yet come back. */
async function isFull(em: EntityManager, competitionId: string): Promise<boolean> {
  const [row] = await em.execute<{ full: boolean }[]>(
    `select count(*) >= (select capacity from competition where id = ?) as full
     from registration where competition_id = ? and status = 'CONFIRMED'`,
    [competitionId, competitionId],
  );
  return row?.full ?? false;
}

/** Postgres' clock, since an application host's may be off. */
async function clockOf(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: Date | string }[]>("select now() as now");
  return new Date(row?.now ?? Date.now());
}
