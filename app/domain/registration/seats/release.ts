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
  const { version, free, holds, attempts, queue, joins, owed } = seatKeys(competitionId);
  const keys = [version, free, holds, attempts, queue, joins, owed];
  if (idempotency) keys.push(answerKey({ competitionId, userId, key: idempotency.key }));
  const args = [userId, registrationId, seatRefused ? "1" : "0"];
  await tryRedis((client) => runScript(client, releaseScript, { keys, args }));
  if (seatRefused) oweSync(competitionId);
}
