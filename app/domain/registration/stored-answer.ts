import { database } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import { ANSWER_SQL, type AnswerRow, FORGET_EDITIONS_SQL, putTogether } from "./editions";
import { hasRedisGap } from "./gaps";
import {
  type Attempt,
  type Refusal,
  type RegisterResult,
  replayed,
  type TryAgain,
  UNAVAILABLE,
} from "./outcome";
import { oweSync } from "./seats/sync";

/**
 * Answers whom Redis knows as registered. With a key they may be repeating the request that did it,
 * and only Postgres knows of a cancellation that Redis has not heard of.
 */
export async function answerRegistered(
  attempt: Attempt,
  { isClosed }: { isClosed: boolean },
): Promise<RegisterResult | TryAgain> {
  const answer = await findEarlierAnswer(attempt);
  if (answer) return answer;
  if (isClosed) return { status: "deadline_passed" };
  const isTheirs = await isRegistered(attempt);
  if (isTheirs === null) return UNAVAILABLE;
  if (isTheirs) return { status: "already_registered" };
  oweSync(attempt.competitionId);
  return { again: "seat_lost" };
}

/** Answers whom Redis refuses. They may have a seat from a process that had no Redis. */
export async function answerRefused(attempt: Attempt, refusal: Refusal): Promise<RegisterResult> {
  if (!(await hasRedisGap(attempt.competitionId))) return refusal;
  const answer = await findEarlierAnswer(attempt);
  if (answer || refusal.status !== "competition_full") return answer ?? refusal;
  const isTheirs = await isRegistered(attempt);
  if (isTheirs === null) return UNAVAILABLE;
  return isTheirs ? { status: "already_registered" } : refusal;
}

/** The final answer that Postgres keeps under the attempt's key, or null when it has none. */
export async function findEarlierAnswer(attempt: Attempt): Promise<RegisterResult | null> {
  const { user, competitionId, idempotency } = attempt;
  if (!idempotency) return null;
  const rows = await unlessAway(
    database().execute<(AnswerRow & { fingerprint: string })[]>(
      `select k.fingerprint, ${ANSWER_SQL.columns} from stored_answer k ${ANSWER_SQL.join}
        where k.user_id = ? and k.scope = ? and k.key = ?`,
      [user.id, competitionId, idempotency.key],
    ),
  );
  if (!rows) return UNAVAILABLE;
  const [row] = rows;
  if (!row) return null;
  if (row.fingerprint !== idempotency.fingerprint) return { status: "idempotency_key_reused" };
  return replayed(putTogether(row));
}

/** Whether Postgres knows of an active registration; null while Postgres is away. */
async function isRegistered({ user, competitionId }: Attempt): Promise<boolean | null> {
  const rows = await unlessAway(
    database().execute<unknown[]>(
      `select 1 from registration
       where user_id = ? and competition_id = ? and status <> 'CANCELLED'`,
      [user.id, competitionId],
    ),
  );
  return rows && rows.length > 0;
}

async function unlessAway<T>(query: Promise<T>): Promise<T | null> {
  try {
    return await query;
  } catch (error) {
    if (troubleOf(error) === "other") throw error;
    return null;
  }
}

/** Answers are replayed to their key for this long, hours. */
const KEPT_HOURS = 24;
/** A statement's share: a day of a rush is a million answers. */
const FORGOTTEN_AT_ONCE = 5_000;

/**
 * Forgets a share of the answers that need not be replayed any more, and after the last of them what
 * only they said of their competitions.
 */
export async function forgetOldAnswers(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from stored_answer where ctid = any(array(
       select ctid from stored_answer
        where created_at < now() - make_interval(hours => ?) order by created_at limit ?))
     returning 1`,
    [KEPT_HOURS, FORGOTTEN_AT_ONCE],
  );
  if (rows.length < FORGOTTEN_AT_ONCE) await database().execute(FORGET_EDITIONS_SQL, [KEPT_HOURS]);
  return { forgotten: rows.length };
}
