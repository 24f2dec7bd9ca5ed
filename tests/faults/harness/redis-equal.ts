import { setTimeout as delay } from "node:timers/promises";
import { findLastingDrift } from "~/domain/registration/index.server";
import type { Contest } from "./contest";
import type { Tally } from "./tally";

/** Waits for the workers' sweep to make Redis equal to Postgres, until `until` at the latest. */
export async function sweptEqual({
  contests,
  tally,
  until,
}: {
  contests: readonly Contest[];
  tally: Tally;
  until: number;
}): Promise<void> {
  const ids = contests.map(({ id }) => id);
  for (;;) {
    const drift = await findLastingDrift(ids).catch(() => null);
    if (drift?.length === 0) return;
    if (performance.now() > until) {
      const detail = drift ? JSON.stringify(drift) : "Redis or Postgres is away";
      tally.violate("Redis differs from Postgres after the sweep", detail);
      return;
    }
    await delay(500);
  }
}
