import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { failpoint } from "~/platform/failpoint";
import { groupCommit } from "~/platform/group-commit";
import { isUuid } from "~/platform/ids";
import { log } from "~/platform/log";
import { troubleOf } from "~/platform/postgres-error";
import {
  type Committed,
  commitRegistrationAlone,
  commitRegistrations,
  UnknownCommit,
} from "./commit";
import type { Again, Attempt, HeldRegistration, RegisterResult } from "./outcome";
import type { RegistrantView, RegistrationBody } from "./registration-body";
import { confirmSeat, hasRedisGap, oweSync, releaseSeat, reserveSeat } from "./seats";
import { findStoredAnswer, isRegistered } from "./stored-answer";
import { registerThroughPostgres } from "./without-redis";

export interface RegisterInput {
  user: RegistrantView;
  competitionId: string;
  /** 1–255 visible ASCII characters; a repeat with the same key hears the same answer for 24 h. */
  idempotencyKey?: string;
  /** Digest of the request the key came with; another one under the same key is refused. */
  fingerprint?: string;
}

/** Fresh seats, or repeats of an unanswered commit, before a request gives up. */
const MOST_TRIES = 5;
/** Before the next try, growing with each, milliseconds. */
const BACKOFF_MS = 50;
/** A request that took this long says "unavailable" rather than try again, milliseconds. */
const TIME_LIMIT_MS = 8_000;

const UNAVAILABLE: RegisterResult = { status: "unavailable", retryAfterSeconds: 1 };

/**
 * Registers a participant: exactly one of `capacity` people for each seat, and one answer a key.
 *
 * Redis decides, in one script; Postgres commits the registration, its idempotency record and its
 * confirmation mail together, and refuses what Redis got wrong. While Redis is of no use Postgres
 * decides alone, a few at a time.
 */
export async function register(input: RegisterInput): Promise<RegisterResult> {
  if (!isUuid(input.competitionId)) return { status: "not_found" };
  const attempt: Attempt = {
    registrationId: randomUUID(),
    user: input.user,
    competitionId: input.competitionId.toLowerCase(),
    idempotency: input.idempotencyKey
      ? { key: input.idempotencyKey, fingerprint: input.fingerprint ?? "" }
      : undefined,
  };
  const giveUpAt = performance.now() + TIME_LIMIT_MS;
  let findOut: (() => Promise<RegisterResult | Again>) | undefined;
  for (let tries = 1; tries <= MOST_TRIES && performance.now() < giveUpAt; tries++) {
    const result = await (findOut ? findOut() : tryToRegister(attempt));
    if (typeof result === "object") return result;
    if (typeof result === "function") findOut = result;
    // The seat that was refused now was not taken then either.
    else if (result === "lost the seat") findOut = undefined;
    if (result !== "lost the seat") await setTimeout(tries * BACKOFF_MS);
  }
  // A hold whose commit may yet turn out to stand is left to run out by itself.
  if (!findOut) await release(attempt, { seatRefused: false });
  return UNAVAILABLE;
}

async function tryToRegister(attempt: Attempt): Promise<RegisterResult | Again> {
  const { user, competitionId, registrationId, idempotency } = attempt;
  const request = { competitionId, userId: user.id, registrationId, idempotency };
  let seat = await reserveSeat(request);
  if (seat.status === "look_up") {
    const answer = await answerFromPostgres(attempt);
    if (answer) return answer;
    seat = await reserveSeat({ ...request, keyIsNew: true });
  }
  switch (seat.status) {
    case "reserved":
    case "held": {
      await failpoint("register-after-reserve");
      const { seatNo, reservedAt, epoch } = seat;
      return commitSeat({ ...attempt, seatNo, reservedAt, epoch });
    }
    case "replayed":
      return replayed(JSON.parse(seat.answer) as RegistrationBody);
    case "already_registered":
      return answerRegistered(attempt, seat.closed);
    case "unavailable":
    case "look_up":
      return registerThroughPostgres(attempt);
    case "mismatch":
      return { status: "key_reused" };
    case "in_progress":
      return { status: "in_progress", retryAfterSeconds: 1 };
    case "closed":
      return answerRefused(attempt, { status: "deadline_passed" });
    case "gone":
      return answerRefused(attempt, { status: "not_found" });
    case "full":
      return answerRefused(attempt, { status: "full" });
  }
}

/** Whom Redis refuses may have got a seat from a process that had no Redis. */
async function answerRefused(attempt: Attempt, refusal: RegisterResult): Promise<RegisterResult> {
  const { competitionId, user } = attempt;
  if (!(await hasRedisGap(competitionId))) return refusal;
  const answer = await answerFromPostgres(attempt);
  if (answer || refusal.status !== "full") return answer ?? refusal;
  const isTheirs = await isRegistered({ userId: user.id, competitionId });
  if (isTheirs === null) return UNAVAILABLE;
  return isTheirs ? { status: "already_registered" } : refusal;
}

async function commitSeat(held: HeldRegistration): Promise<RegisterResult | Again> {
  const outcome = await commit(held);
  switch (outcome.status) {
    case "committed": {
      await confirm({ held, body: outcome.body });
      await failpoint("register-after-confirm");
      return { status: "registered", replayed: false, body: outcome.body };
    }
    case "replayed":
      // Redis had forgotten the earlier attempt, and may hold the very seat that it was given.
      await release(held, { seatRefused: outcome.body.seatNo === held.seatNo });
      return replayed(outcome.body);
    case "mismatch":
      await release(held, { seatRefused: false });
      return { status: "key_reused" };
    case "seat_refused":
      await release(held, { seatRefused: true });
      return "lost the seat";
    // Redis should have known these three: it is out of date, and the seat's fate unsure.
    case "already_registered":
      await release(held, { seatRefused: true });
      return { status: "already_registered" };
    case "closed":
      await release(held, { seatRefused: true });
      return { status: "deadline_passed" };
    case "gone":
      await release(held, { seatRefused: true });
      return { status: "not_found" };
    // The hold stays, and the same registration id tries again.
    case "rolled_back":
      return "rolled back";
    case "unknown":
      return () => commitSeat(held);
  }
}

type Outcome = Exclude<Committed, { status: "locked" }> | { status: "rolled_back" | "unknown" };

/** Commits with the others; on its own where somebody is changing the competition right now. */
async function commit(held: HeldRegistration): Promise<Outcome> {
  try {
    const outcome = await commitTogether(held);
    if (outcome.status !== "locked") return outcome;
    const alone = await commitRegistrationAlone(held);
    return alone.status === "locked" ? { status: "rolled_back" } : alone;
  } catch (error) {
    if (error instanceof UnknownCommit) return { status: "unknown" };
    const trouble = troubleOf(error);
    if (trouble === "other") throw error;
    // After a constraint the next look finds out whose answer stands; the others may just pass.
    log.warn({ err: error, competitionId: held.competitionId }, "registration rolled back");
    return { status: "rolled_back" };
  }
}

const commitTogether = groupCommit({
  commit: commitRegistrations,
  most: 64,
  inFlight: 2,
  concerns(error) {
    if (error instanceof UnknownCommit) return "batch";
    return troubleOf(error) === "away" ? "everyone" : "one";
  },
});

async function confirm({ held, body }: { held: HeldRegistration; body: RegistrationBody }) {
  await failpoint("register-before-confirm");
  await confirmSeat({
    competitionId: held.competitionId,
    userId: held.user.id,
    registrationId: body.id,
    seatNo: body.seatNo,
    idempotency: held.idempotency,
    answer: held.idempotency ? JSON.stringify(body) : "",
  });
}

function release(held: Attempt, { seatRefused }: { seatRefused: boolean }) {
  const { competitionId, registrationId, idempotency, user } = held;
  return releaseSeat({ competitionId, userId: user.id, registrationId, idempotency, seatRefused });
}

/** Somebody who is registered and comes with a key may be repeating the request that did it. */
async function answerRegistered(
  attempt: Attempt,
  closed: boolean,
): Promise<RegisterResult | Again> {
  const answer = await answerFromPostgres(attempt);
  if (answer) return answer;
  if (closed) return { status: "deadline_passed" };
  const { user, competitionId } = attempt;
  const isTheirs = await isRegistered({ userId: user.id, competitionId });
  // Redis may not have heard of a cancellation, and only Postgres can tell.
  if (isTheirs === null) return UNAVAILABLE;
  if (isTheirs) return { status: "already_registered" };
  // They cancelled, and Redis never heard of it.
  oweSync(competitionId);
  return "lost the seat";
}

/** What Postgres keeps under the attempt's key, or null when it knows of none. */
async function answerFromPostgres(attempt: Attempt): Promise<RegisterResult | null> {
  const { user, competitionId, idempotency } = attempt;
  if (!idempotency) return null;
  const stored = await findStoredAnswer({ userId: user.id, competitionId, idempotency });
  switch (stored.status) {
    case "found":
      return replayed(stored.body);
    case "mismatch":
      return { status: "key_reused" };
    case "unavailable":
      return UNAVAILABLE;
    case "none":
      return null;
  }
}

function replayed(body: RegistrationBody): RegisterResult {
  return { status: "registered", replayed: true, body };
}
