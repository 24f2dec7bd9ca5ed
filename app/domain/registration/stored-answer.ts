import { failpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { troubleOf } from "~/platform/postgres-error";
import { IS_ITS_KEY_SQL } from "./diagnose";
import { ANSWER_SQL, type AnswerRow, FORGET_EDITIONS_SQL, putTogether } from "./editions";
import { mayHaveRedisGap } from "./gaps";
import { findPlaceInLine, type InLine } from "./line/place";
import { ownCommitsEnd } from "./lock";
import {
  type Attempt,
  answered,
  type Refusal,
  type RegisterResult,
  type TryAgain,
  UNAVAILABLE,
} from "./outcome";
import { oweSync } from "./seats/sync";

/**
 * Answers somebody whom Redis knows as registered or in line. With a key they may be repeating the request
 * that did it, and only Postgres knows of a cancellation that Redis has not heard of.
 */
export async function answerRegistered(attempt: Attempt): Promise<RegisterResult | TryAgain> {
  const standing = await findStanding(attempt);
  if ("status" in standing) return standing;
  if (standing.waits) return alreadyWaiting(attempt, standing.waits);
  if (standing.isRegistered) return { status: "already_registered" };
  oweSync(attempt.competitionId);
  return { again: "seat_lost" };
}

/**
 * Answers somebody whose earlier request is still running, as far as Redis knows. Another process may
 * have committed and answered it already.
 */
export async function answerInProgress(attempt: Attempt): Promise<RegisterResult> {
  const standing = await findStanding(attempt);
  if ("status" in standing) return standing;
  if (standing.isRegistered) return { status: "already_registered" };
  if (standing.waits) return alreadyWaiting(attempt, standing.waits);
  return { status: "request_in_progress", retryAfterSeconds: 1 };
}

/** Answers somebody whom Redis refuses. They may have a seat from a process that had no Redis. */
export async function answerRefused(attempt: Attempt, refusal: Refusal): Promise<RegisterResult> {
  if (!(await mayHaveRedisGap(attempt.competitionId))) return refusal;
  if ((await unlessAway(ownCommitsEnd(attempt.user.id))) === null) return UNAVAILABLE;
  const standing = await findStanding(attempt);
  if ("status" in standing) return standing;
  if (refusal.status === "not_found" || refusal.status === "competition_cancelled") return refusal;
  if (standing.waits) return alreadyWaiting(attempt, standing.waits);
  return standing.isRegistered ? { status: "already_registered" } : refusal;
}

async function alreadyWaiting(
  { competitionId, user }: Attempt,
  waits: Pick<InLine, "registrationId" | "lineNo">,
): Promise<RegisterResult> {
  const place = await unlessAway(findPlaceInLine({ competitionId, userId: user.id, ...waits }));
  return place ? { status: "already_waiting", ...place } : UNAVAILABLE;
}

/** The final answer that Postgres keeps under the attempt's key, or null when it has none. */
export async function findEarlierAnswer(attempt: Attempt): Promise<RegisterResult | null> {
  const { user, competitionId, idempotency } = attempt;
  if (!idempotency) return null;
  const rows = await unlessAway(
    database().execute<KeptAnswer[]>(
      `select k.fingerprint, ${ANSWER_SQL.columns} from stored_answer k ${ANSWER_SQL.join}
        where k.user_id = ? and k.scope = ? and k.key = ?`,
      [user.id, competitionId, idempotency.key],
    ),
  );
  if (!rows) return UNAVAILABLE;
  const [row] = rows;
  return row ? toAnswer(row, idempotency) : null;
}

/**
 * The answer under the attempt's key, or whether its user is registered without one. One statement,
 * so one snapshot: the same request that commits between two would be found by the second only.
 */
async function findStanding(attempt: Attempt): Promise<RegisterResult | Standing> {
  const { user, competitionId, idempotency } = attempt;
  const rows = await unlessAway(
    database().execute<StandingRow[]>(STANDING, [user.id, competitionId, idempotency?.key ?? null]),
  );
  const [row] = rows ?? [];
  if (!row) return UNAVAILABLE;
  if (idempotency && row.body !== null) return toAnswer(row, idempotency);
  const { registered_id: registrationId, line_no: lineNo } = row;
  return {
    isRegistered: row.status === "CONFIRMED",
    waits:
      row.status === "WAITLISTED" && registrationId !== null && lineNo !== null
        ? { registrationId, lineNo }
        : null,
  };
}

/** Whether a user has a seat, or waits for one. */
interface Standing {
  isRegistered: boolean;
  waits: Pick<InLine, "registrationId" | "lineNo"> | null;
}

type StandingRow = {
  registered_id: string | null;
  status: string | null;
  line_no: number | null;
} & (KeptAnswer | { body: null });

const STANDING = `
select r.id as registered_id, r.status, r.line_no, k.fingerprint, ${ANSWER_SQL.columns}
from (select ?::uuid as user_id, ?::uuid as competition_id, ?::text as key) i
left join stored_answer k on ${IS_ITS_KEY_SQL}
${ANSWER_SQL.join}
left join registration r
  on r.competition_id = i.competition_id and r.user_id = i.user_id and r.status <> 'CANCELLED'`;

type KeptAnswer = AnswerRow & { fingerprint: string };

function toAnswer(row: KeptAnswer, { fingerprint }: { fingerprint: string }): RegisterResult {
  if (row.fingerprint !== fingerprint) return { status: "idempotency_key_reused" };
  return answered(putTogether(row), { replayed: true });
}

async function unlessAway<T>(query: Promise<T>): Promise<T | null> {
  try {
    const rows = await query;
    await failpoint("register-after-read");
    return rows;
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
 * Deletes a share of the answers that need not be replayed any more, and with the last of them the
 * editions that only they used.
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
