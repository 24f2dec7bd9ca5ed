import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { inTransaction } from "~/platform/orm";
import { isLoggedOutage } from "~/platform/postgres-error";
import { tryRedis } from "~/platform/redis";
import { within } from "~/platform/within";
import { lockCompetition } from "../lock";
import { freeLateHolds } from "../seats/drift";
import { seatKeys } from "../seats/redis";
import { settleSeats } from "../seats/settle";
import { syncSeatsOnce } from "../seats/sync";
import { PROMOTED_AT_ONCE, promote } from "./promote";

/** A competition's line is seen to at most so often by a process, milliseconds. */
const PAUSE_MS = 250;

/**
 * Gives the seats that are owed to the line to the first in it, and drops places that ran out. Two
 * processes that do it at once do no harm: Postgres gives each seat, and each person, once.
 *
 * Redis names the seats: of those that Postgres has free some are held by requests that came before
 * anybody waited.
 */
export async function seeToLine(competitionId: string): Promise<void> {
  const { owed } = seatKeys(competitionId);
  await freeLateHolds(competitionId);
  for (let slices = 0; ; slices++) {
    const seats = await tryRedis((client) => client.zrange(owed, 0, PROMOTED_AT_ONCE - 1));
    if (!seats || (seats.length === 0 && slices > 0)) return;
    const promoted = seats.length > 0 ? await promoteNow(competitionId, seats.map(Number)) : [];
    await failpoint("promote-after-commit");
    await settleSeats({ competitionId, promoted });
    // Redis waits for people, or owes seats, of which Postgres knows nothing.
    if (promoted.length < seats.length || seats.length === 0) {
      await syncSeatsOnce(competitionId);
      return;
    }
  }
}

function promoteNow(competitionId: string, seats: number[]) {
  return inTransaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    return promote(em, { competitionId, seats });
  });
}

/** How long whoever changed a competition waits until its line has been seen to, milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * `seeToLine` after a change that stands, whatever becomes of this: a long line takes longer than anybody waits for
 * an answer, so the rest goes on in the background, and what fails is left to the sweep. Never throws.
 */
export async function seeToLineAfterChange(competitionId: string): Promise<void> {
  await within(PATIENCE_MS, seeToLine(competitionId).catch(told(competitionId)));
}

const resting = new Set<string>();

/** `seeToLine` in the background, for a request that hears that somebody should. Never throws. */
export function seeToLineLater(competitionId: string): void {
  if (resting.has(competitionId)) return;
  resting.add(competitionId);
  const rest = () => setTimeout(() => resting.delete(competitionId), PAUSE_MS).unref();
  failpoint("see-to-line-later")
    .then(() => seeToLine(competitionId))
    .catch(told(competitionId))
    .finally(rest);
}

function told(competitionId: string) {
  return (error: unknown) => {
    if (!isLoggedOutage(error)) log.warn({ err: error, competitionId }, "line of a competition");
  };
}
