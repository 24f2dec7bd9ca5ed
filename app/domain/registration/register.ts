import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { requireRoleFor } from "~/domain/access";
import { failpoint } from "~/platform/failpoint";
import { isUuid } from "~/platform/ids";
import type { Origin } from "~/platform/origin";
import { commitWithOthers } from "./commit-with-others";
import { isLineOpen } from "./line/is-open";
import {
  type Attempt,
  answered,
  type HeldRegistration,
  type RegisterResult,
  type Registrant,
  type RegistrationBody,
  type TryAgain,
  UNAVAILABLE,
} from "./outcome";
import { confirmSeat } from "./seats/confirm";
import { releaseSeat } from "./seats/release";
import { reserveSeat } from "./seats/reserve";
import {
  answerInProgress,
  answerRefused,
  answerRegistered,
  findEarlierAnswer,
} from "./stored-answer";
import { registerWithoutRedis } from "./without-redis";

export interface RegisterInput {
  user: Registrant;
  competitionId: string;
  /** 1–255 visible ASCII characters; a repeat with the same key gets the same answer for 24 h. */
  idempotencyKey?: string;
  /** Digest of the request that came with the key; a different one under the key is refused. */
  fingerprint?: string;
  /** Where no seat is left, a place in line will do. */
  waitlist?: boolean | undefined;
  origin?: Origin | undefined;
}

/** Fresh seats, or repeats of an unanswered commit, before a request gives up. */
const MOST_TRIES = 5;
/** Pause before the next try, growing with each, milliseconds. */
const BACKOFF_MS = 50;
/** A request that took this long says "unavailable" rather than try again, milliseconds. */
const TIME_LIMIT_MS = 8_000;

/**
 * Registers a participant: exactly one person for each seat, and one answer for each key. When no seat
 * is left, a request that asks for it gets a place in line.
 *
 * Redis decides in one script. Postgres commits the registration, its idempotency record and its
 * confirmation mail together, and refuses what Redis got wrong. While Redis cannot be used,
 * Postgres decides alone, a few at a time.
 */
export async function register(input: RegisterInput): Promise<RegisterResult> {
  requireRoleFor({ actor: input.user, action: "register" });
  if (!isUuid(input.competitionId)) return { status: "not_found" };
  const { idempotencyKey: key, fingerprint = "" } = input;
  const attempt: Attempt = {
    registrationId: randomUUID(),
    user: input.user,
    competitionId: input.competitionId,
    idempotency: key ? { key, fingerprint } : undefined,
    wantsLine: input.waitlist === true && (await isLineOpen()),
    origin: input.origin,
  };
  const giveUpAt = performance.now() + TIME_LIMIT_MS;
  let next = () => tryToRegister(attempt);
  let isCommitUnknown = false;
  let failure: unknown;
  for (let tries = 1; tries <= MOST_TRIES && performance.now() < giveUpAt; tries++) {
    const result = await next();
    if ("status" in result) {
      if (result.status !== "unavailable") return result;
      break;
    }
    if (result.again === "never") {
      failure = result.because;
      break;
    }
    if (result.again === "commit_unknown") {
      next = result.findOut;
      isCommitUnknown = true;
    } else if (result.again === "seat_lost") {
      // Postgres refused the seat, so no earlier commit of this request has taken it either.
      next = () => tryToRegister(attempt);
      isCommitUnknown = false;
    }
    if (result.again !== "seat_lost") await delay(tries * BACKOFF_MS);
  }
  // The commit may still turn out to stand, so its hold is left to run out.
  if (!isCommitUnknown) await release(attempt);
  if (failure) throw failure;
  return UNAVAILABLE;
}

async function tryToRegister(attempt: Attempt): Promise<RegisterResult | TryAgain> {
  const request = { ...attempt, userId: attempt.user.id };
  let seat = await reserveSeat(request);
  if (seat.status === "look_up") {
    const answer = await findEarlierAnswer(attempt);
    if (answer) return answer;
    seat = await reserveSeat({ ...request, keyIsNew: true });
  }
  switch (seat.status) {
    case "reserved":
    case "held":
    case "queued": {
      await failpoint("register-after-reserve");
      const { status: _, ...held } = seat;
      return commitSeat({ ...attempt, ...held });
    }
    case "already_registered":
    case "already_waiting":
      return answerRegistered(attempt);
    case "request_in_progress":
      return answerInProgress(attempt);
    case "competition_full":
    case "waitlist_full":
    case "deadline_passed":
    case "competition_cancelled":
    case "not_open_yet":
    case "not_found":
      return answerRefused(attempt, seat);
    case "idempotency_key_reused":
      return seat;
    case "look_up":
    case "unavailable":
      return registerWithoutRedis(attempt);
  }
}

async function commitSeat(held: HeldRegistration): Promise<RegisterResult | TryAgain> {
  const outcome = await commitWithOthers(held);
  switch (outcome.status) {
    case "committed":
      await confirm(held, outcome.body);
      await failpoint("register-after-confirm");
      return answered(outcome.body);
    case "replayed":
      // Redis forgot the earlier attempt, and may have given this one the seat of that attempt.
      await release(held, { seatRefused: outcome.body.seatNo === held.seatNo });
      return answered(outcome.body, { replayed: true });
    case "idempotency_key_reused":
      await release(held);
      return outcome;
    case "seat_taken":
      await release(held, { seatRefused: true });
      return { again: "seat_lost" };
    // Redis should have known these: it is out of date, and the seat may be taken.
    case "already_waiting":
      await release(held, { seatRefused: true });
      return answerRegistered(held);
    case "already_registered":
    case "deadline_passed":
    case "competition_cancelled":
    case "not_open_yet":
    case "not_found":
      await release(held, { seatRefused: true });
      return outcome;
    // The hold stays, and the same registration id tries again.
    case "rolled_back":
      return { again: "rolled_back" };
    case "failed":
      return { again: "never", because: outcome.error };
    case "unknown":
      return { again: "commit_unknown", findOut: () => commitSeat(held) };
  }
}

async function confirm(held: HeldRegistration, body: RegistrationBody): Promise<void> {
  await failpoint("register-before-confirm");
  const { competitionId, user, idempotency } = held;
  const { id: registrationId, seatNo } = body;
  const lineNo = held.seatNo === null ? held.lineNo : undefined;
  const place = { seatNo, lineNo };
  await confirmSeat({ competitionId, userId: user.id, registrationId, ...place, idempotency });
}

function release(attempt: Attempt, { seatRefused = false } = {}): Promise<void> {
  return releaseSeat({ ...attempt, userId: attempt.user.id, seatRefused });
}
