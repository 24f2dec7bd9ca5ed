import { syncSeats } from "~/domain/registration/index.server";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";

/**
 * Tells Redis what a committed change made of a competition's seats. Best effort: until the sweep
 * repairs a failure, Postgres refuses what Redis would wrongly grant.
 */
export async function publishSeats(competitionId: string, reason: string): Promise<void> {
  await failpoint("edit-after-commit");
  const { status } = await syncSeats({ competitionId });
  if (status !== "synced") log.warn({ competitionId, reason, status }, "seats not published");
}
