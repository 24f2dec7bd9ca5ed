import { runScript } from "~/platform/lua";
import { tryRedis } from "~/platform/redis";
import type { Idempotency } from "../outcome";
import { answerKey, loadScript, seatKeys } from "./redis";
import { oweSync } from "./sync";

const releaseScript = loadScript("release_seat.lua");

/**
 * Gives up a hold whose registration Postgres rejected.
 *
 * @param seatRefused Postgres rejected the seat itself: it is dropped, and a sync is owed, because
 *   a seat that Postgres knows to be taken must not be handed out again
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
  if (idempotency) keys.push(answerKey({ competitionId, userId, key: idempotency.key }));
  const args = [userId, registrationId, seatRefused ? "1" : "0"];
  await tryRedis((client) => runScript(client, releaseScript, { keys, args }));
  if (seatRefused) oweSync(competitionId);
}

const cancelScript = loadScript("cancel_seat.lua");

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
