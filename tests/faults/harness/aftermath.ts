import { setTimeout as delay } from "node:timers/promises";
import { checkSeats } from "./checks";
import { type Caller, type Contest, newPart, type Part } from "./contest";
import { pursue, register, type Setting } from "./participant";
import { Patience } from "./patience";
import type { Site } from "./site";
import type { Tally } from "./tally";

/** After this long without faults every free seat is in reach, milliseconds. */
export const REACHABLE_MS = 30_000;
/** So many of a person's last calls tell why there was no answer. */
const LAST_TOLD = 12;

/** Everybody who waits for an answer gets one. As long as some do, nobody is out of reach. */
export async function answerAll(setting: Setting, parts: Part[], quiet: Patience): Promise<void> {
  await Promise.all(
    parts.map(async (part) => {
      for (let tries = 1; part.pending || part.cancelling; tries += 1) {
        await pursue(setting, part);
        if (!part.pending && !part.cancelling) {
          quiet.renew();
          return;
        }
        if (quiet.isOver(tries)) {
          const heard = part.story.slice(-LAST_TOLD).join("; ");
          const detail = `no answer for ${part.caller.id} in ${part.contest.id}: ${heard}`;
          setting.tally.violate("a seat out of reach 30 s after the faults", detail);
          return;
        }
        // As a client that obeys the `Retry-After` of "in progress".
        await delay(1_000);
      }
    }),
  );
}

interface Filling {
  site: Site;
  tally: Tally;
  setting: Setting;
  callers: readonly Caller[];
}

/** Every competition that is not deleted is filled to exactly its capacity. */
export async function fillAll({
  site,
  tally,
  setting,
  contests,
  callers,
  quiet,
}: Filling & { contests: Contest[]; quiet: Patience }): Promise<void> {
  const open = contests.filter(({ deleted }) => !deleted);
  await Promise.all(open.map((contest) => fill({ site, tally, setting, contest, callers })));
  const seats = await checkSeats(site.observer, open, tally);
  for (const { id } of open) {
    const { capacity = 0, confirmed = -1 } = seats.get(id) ?? {};
    if (confirmed === capacity) continue;
    tally.violate("not filled to exactly its capacity", `${confirmed} of ${capacity} in ${id}`);
  }
  const tookS = Math.ceil(quiet.tookMs / 1_000);
  tally.most("longest until all seats were reached, seconds", tookS);
}

const FILLERS_AT_ONCE = 10;

/** New people come until the last seat is taken. */
async function fill({
  site,
  tally,
  setting,
  contest,
  callers,
}: Filling & { contest: Contest }): Promise<void> {
  const known = new Set(contest.parts.map(({ caller }) => caller.id));
  const fresh = callers.filter(({ id }) => !known.has(id));
  const freeSeats = async () => {
    const { capacity = 0, confirmed = 0 } =
      (await checkSeats(site.observer, [contest], tally)).get(contest.id) ?? {};
    return capacity - confirmed;
  };
  // A hundred seats take a busy machine long, ten at once: as long as some are reached, none is out of reach.
  const stuck = new Patience(REACHABLE_MS);
  let tries = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let free = await freeSeats(); free > 0; free = await freeSeats()) {
    if (free < least) {
      least = free;
      tries = 0;
      stuck.renew();
    }
    if (stuck.isOver(tries) || fresh.length === 0) {
      const detail = `${free} free seats in ${contest.id}, ${fresh.length} people left to ask`;
      tally.violate("a seat out of reach 30 s after the faults", detail);
      return;
    }
    const comers = fresh.splice(0, Math.min(free, FILLERS_AT_ONCE));
    await Promise.all(
      comers.map(async (caller) => {
        const part = newPart(caller, contest);
        contest.parts.push(part);
        const verdict = await register(setting, part, { plain: true });
        if (verdict !== "registered") await delay(500);
        await answerAll(setting, [part], stuck);
      }),
    );
    tries += 1;
  }
}
