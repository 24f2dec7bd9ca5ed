import { gather } from "~/platform/gather";
import { tryRedis } from "~/platform/redis";
import { idempotencyRecordKey, seatKeys } from "./keys";
import type { Idempotency } from "./reserve";
import { cancelScript, confirmScript, releaseScript, runScript, words } from "./scripts";
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
  /** What a repeat with the same key hears; only used with a key. */
  answer: string;
}

/**
 * Tells Redis that Postgres has committed these registrations of one competition. Losing the
 * message costs nothing but time: the sweep brings Redis up to date.
 */
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
    keys.push(
      idempotency ? idempotencyRecordKey({ competitionId, userId, key: idempotency.key }) : meta,
    );
    args.push(userId, registrationId, seatNo);
    if (idempotency) args.push("1", idempotency.fingerprint, answer);
    else args.push("0", "", "");
  }
  const reply = await tryRedis((client) => runScript(client, confirmScript, { keys, args }));
  // Redis was away, or holds something else for these people: it no longer mirrors Postgres.
  if (!reply || words(reply).includes("stale")) oweSync(competitionId);
}

/** `confirmSeats` for one, together with all others that were committed at the same moment. */
export const confirmSeat = gather<SettledSeat & { competitionId: string }, void>({
  keyOf: ({ competitionId }) => competitionId,
  most: CONFIRMED_AT_ONCE,
  async ask(competitionId, seats) {
    await confirmSeats({ competitionId, seats });
    return [];
  },
});

/**
 * Gives up a hold whose registration Postgres refused.
 *
 * @param seatRefused Postgres refused the seat itself: it is dropped, and a sync is owed, because
 *   a seat that Postgres knows to be taken must not be handed out again.
 */
export async function releaseSeat({
  competitionId,
  userId,
  registrationId,
  idempotency,
  seatRefused = false,
}: {
  competitionId: string;
  userId: string;
  registrationId: string;
  idempotency?: Idempotency;
  seatRefused?: boolean;
}): Promise<void> {
  const { version, free, holds, attempts } = seatKeys(competitionId);
  const keys = [version, free, holds, attempts];
  if (idempotency) {
    keys.push(idempotencyRecordKey({ competitionId, userId, key: idempotency.key }));
  }
  const args = [userId, registrationId, seatRefused ? "1" : "0"];
  await tryRedis((client) => runScript(client, releaseScript, { keys, args }));
  if (seatRefused) oweSync(competitionId);
}

/** Frees the seat of a registration whose cancellation Postgres has committed. */
export async function cancelSeat({
  competitionId,
  userId,
  registrationId,
}: {
  competitionId: string;
  userId: string;
  registrationId: string;
}): Promise<void> {
  const { meta, version, free, holds, attempts, confirmed, cancelled } = seatKeys(competitionId);
  const keys = [meta, version, free, holds, attempts, confirmed, cancelled];
  const args = [userId, registrationId];
  const reply = await tryRedis((client) => runScript(client, cancelScript, { keys, args }));
  if (reply !== "cancelled") oweSync(competitionId);
}
