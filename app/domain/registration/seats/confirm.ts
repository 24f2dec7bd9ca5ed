import { inBatches } from "~/platform/batch";
import { log } from "~/platform/log";
import { runScript, words } from "~/platform/lua";
import { tryRedis } from "~/platform/redis";
import type { Idempotency } from "../outcome";
import { answerKey, loadScript, seatKeys } from "./redis";
import { oweSync } from "./sync";

/** How long Redis remembers that Postgres has a key's answer, milliseconds. */
const MARKED_MS = 600_000;
/** Seats in one call of the script: as many as one batch commits. */
const CONFIRMED_AT_ONCE = 64;

export interface ConfirmedSeat {
  userId: string;
  registrationId: string;
  /** The number of the seat; null for a place in line. */
  seatNo: number | null;
  lineNo?: number | undefined;
  idempotency?: Idempotency;
}

/**
 * Tells Redis that Postgres has committed a registration, together with all others of the competition
 * that were committed at the same moment. Resolves once the message is on its way: Redis gets it before
 * anything that this process sends later. Until it arrives, Postgres answers those who come through
 * another process. Losing it costs only time: the sweep brings Redis up to date.
 */
export const confirmSeat = inBatches<ConfirmedSeat & { competitionId: string }, void>({
  keyOf: ({ competitionId }) => competitionId,
  most: CONFIRMED_AT_ONCE,
  async run(seats, competitionId) {
    confirmSeats({ competitionId, seats }).catch((err: unknown) => {
      log.error({ err, competitionId }, "seats not confirmed");
    });
    return [];
  },
});

/** Sent as the fingerprint of a request without a key. */
const NO_KEY = "-";

const confirmScript = loadScript("confirm_seats.lua");

/** `confirmSeat` for several registrations of one competition. */
export async function confirmSeats({
  competitionId,
  seats,
}: {
  competitionId: string;
  seats: ConfirmedSeat[];
}): Promise<void> {
  const { meta, version, holds, attempts, confirmed, waiting, joins } = seatKeys(competitionId);
  const keys = [meta, version, holds, attempts, confirmed, waiting, joins];
  const args: (string | number)[] = [MARKED_MS];
  for (const { userId, registrationId, seatNo, lineNo, idempotency } of seats) {
    keys.push(idempotency ? answerKey({ competitionId, userId, key: idempotency.key }) : meta);
    args.push(userId, registrationId, seatNo ?? `w${lineNo}`, idempotency?.fingerprint ?? NO_KEY);
  }
  const reply = await tryRedis((client) => runScript(client, confirmScript, { keys, args }));
  // Redis was away, or has something else for these people: it no longer equals Postgres.
  if (!reply || words(reply).includes("stale")) oweSync(competitionId);
}
