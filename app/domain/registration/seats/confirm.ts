import { inBatches } from "~/platform/batch";
import { runScript, words } from "~/platform/lua";
import { tryRedis } from "~/platform/redis";
import type { Idempotency } from "../outcome";
import { answerKey, loadScript, seatKeys } from "./redis";
import { oweSync } from "./sync";

/** Answers are replayed from Redis for ten minutes, then from Postgres. Milliseconds. */
const ANSWER_KEPT_MS = 600_000;
/** Seats a call of the script: what one batch commits. */
const CONFIRMED_AT_ONCE = 64;

export interface SettledSeat {
  userId: string;
  registrationId: string;
  seatNo: number;
  idempotency?: Idempotency;
  /** What a repeat with the same key gets; only used with a key. */
  answer: string;
}

/**
 * Tells Redis that Postgres has committed a registration, together with all others of the
 * competition that were committed at the same moment. Losing the message costs nothing but time:
 * the sweep brings Redis up to date.
 */
export const confirmSeat = inBatches<SettledSeat & { competitionId: string }, void>({
  keyOf: ({ competitionId }) => competitionId,
  most: CONFIRMED_AT_ONCE,
  async run(seats, competitionId) {
    await confirmSeats({ competitionId, seats });
    return [];
  },
});

const confirmScript = loadScript("confirm_seats.lua");

/** `confirmSeat` for several registrations of one competition. */
export async function confirmSeats({
  competitionId,
  seats,
}: {
  competitionId: string;
  seats: SettledSeat[];
}): Promise<void> {
  const { meta, version, holds, attempts, confirmed } = seatKeys(competitionId);
  const keys = [meta, version, holds, attempts, confirmed];
  const args: (string | number)[] = [ANSWER_KEPT_MS];
  for (const { userId, registrationId, seatNo, idempotency, answer } of seats) {
    keys.push(idempotency ? answerKey({ competitionId, userId, key: idempotency.key }) : meta);
    args.push(userId, registrationId, seatNo);
    if (idempotency) args.push("1", idempotency.fingerprint, answer);
    else args.push("0", "", "");
  }
  const reply = await tryRedis((client) => runScript(client, confirmScript, { keys, args }));
  // Redis was away, or has something else for these people: it no longer equals Postgres.
  if (!reply || words(reply).includes("stale")) oweSync(competitionId);
}
