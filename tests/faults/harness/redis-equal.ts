import { setTimeout as delay } from "node:timers/promises";
import { findLastingDrift } from "~/domain/registration/index.server";
import type { Contest } from "./contest";
import type { Patience } from "./patience";
import type { Tally } from "./tally";

/** Waits for the workers' sweep to make Redis equal to Postgres. */
export async function sweptEqual({
  contests,
  tally,
  quiet,
}: {
  contests: readonly Contest[];
  tally: Tally;
  quiet: Patience;
}): Promise<void> {
  const ids = contests.map(({ id }) => id);
  quiet.renew();
  for (let tries = 1; ; tries += 1) {
    const drift = await findLastingDrift(ids).catch(() => null);
    if (drift?.length === 0) return;
    if (quiet.isOver(tries)) {
      const detail = drift ? JSON.stringify(drift) : "Redis or Postgres is away";
      tally.violate("Redis differs from Postgres after the sweep", detail);
      return;
    }
    await delay(500);
  }
}
