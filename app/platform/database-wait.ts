import { setTimeout as delay } from "node:timers/promises";
import { connectFailure } from "./database-failure";
import { createPool } from "./postgres";
import { type DatabaseOutage, outageOf } from "./postgres-error";

const PAUSE_MS = 500;
/** What no waiting mends. */
const LASTING: DatabaseOutage[] = ["database_login_refused", "database_permission_denied"];

/**
 * Waits until the database takes a connection of the migrations' role. Only a server that is away,
 * starting or full is waited for: a wrong password does not become right.
 *
 * @param onWait told the reason once, when the waiting begins
 * @throws DatabaseFailure when it is refused, or still away after `forMs` milliseconds
 */
export async function waitForDatabase({
  forMs,
  onWait,
}: {
  forMs: number;
  onWait: (reason: string) => void;
}): Promise<void> {
  const pool = createPool({ unlimited: true, migrates: true });
  const until = performance.now() + forMs;
  let hasSaid = false;
  try {
    for (;;) {
      const failure = await pool.connect().then(
        (client) => client.release(),
        (error: unknown) => connectFailure(error),
      );
      if (!failure) return;
      const outage = outageOf(failure);
      const isPassing = outage !== undefined && !LASTING.includes(outage);
      if (!isPassing || performance.now() >= until) throw failure;
      if (!hasSaid) onWait(failure.message);
      hasSaid = true;
      await delay(Math.min(PAUSE_MS, Math.max(0, until - performance.now())));
    }
  } finally {
    await pool.end();
  }
}
