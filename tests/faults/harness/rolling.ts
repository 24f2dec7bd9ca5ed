import { setTimeout as delay } from "node:timers/promises";
import { PROJECT } from "../guards/sources";
import { type Contest, tell } from "./contest";
import type { Site } from "./site";
import type { Tally } from "./tally";

/** A rolling update: after a while the processes of the older version are replaced, one after the other. */
export async function rollOver(site: Site, afterMs: number): Promise<void> {
  if (site.older.length === 0) return;
  await delay(afterMs);
  for (let member = site.older[0]; member; member = site.older[0]) {
    site.lastOlderAt = performance.now();
    await member.stop();
    await member.start(PROJECT);
    site.older.shift();
  }
}

/** As long as a process of the older version served, nobody joined a line. */
export function checkLinesBegan(contests: readonly Contest[], site: Site, tally: Tally): void {
  for (const part of contests.flatMap(({ parts }) => parts)) {
    const early = part.places.find(({ heardAt }) => heardAt < site.lastOlderAt);
    if (early) tally.violate("a line that opened beside an older process", tell(part));
  }
}
