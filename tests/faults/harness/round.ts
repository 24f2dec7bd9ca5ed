import { setTimeout as delay } from "node:timers/promises";
import { checkBeliefs, checkSeats } from "./checks";
import { Client } from "./client";
import { type Caller, type Contest, newContest, newPart, type Part } from "./contest";
import type { Dice } from "./dice";
import { type Mix, strikeAtRandom } from "./faults";
import { lineServed } from "./line";
import { postPoison } from "./mail";
import { organize } from "./organizer";
import { comeBack, pursue, register, type Setting, visit } from "./participant";
import { Patience } from "./patience";
import { writeContests } from "./people";
import { sweptEqual } from "./redis-equal";
import type { Site } from "./site";
import type { Tally } from "./tally";

/** What is played in one round. */
export interface Play {
  mix: Mix;
  /** Places where processes die or stall by themselves, as FAILPOINTS has them. */
  webFailpoints?: string;
  workerFailpoints?: string;
  rushMs: number;
  contests: number;
  /** People a competition. */
  crowd: number;
  /** A competition has at least and at most so many seats, per cent of its crowd. */
  seats: [number, number];
  atOnce: number;
  closings: number;
  deletions: number;
  /** Nobody gives a seat back: a mail about one that was given back is not sent. */
  keepsSeats?: boolean;
}

export interface RoundOptions {
  site: Site;
  dice: Dice;
  tally: Tally;
  callers: readonly Caller[];
  organizers: readonly Caller[];
  play: Play;
  name: string;
}

/** After this long without faults every free seat is in reach, milliseconds. */
const REACHABLE_MS = 30_000;
/** So many of each competition register, cancel and register again when all is quiet. */
const LOOPERS = 5;
/** One in so many competitions has no line; the others one for so many of their crowd. */
const LINE_EVERY = 3;
const MOST_IN_LINE = 0.4;
/** How often the seats are looked at during a round, milliseconds. */
const LOOK_MS = 500;

/** One rush under faults, then quiet, the filling of every competition, and the checks. */
export async function playRound(options: RoundOptions): Promise<void> {
  const { site, dice, tally, play } = options;
  setFailpoints(site, play);
  const contests = await openContests(options);
  await postPoison(site.observer, options.name);
  const client = new Client(site.ports, dice.fork());
  const setting: Setting = { client, dice: dice.fork(), tally, keepsSeats: play.keepsSeats };
  const until = performance.now() + play.rushMs;
  const goesOn = () => performance.now() < until;
  const wipesBefore = forgetting(tally);
  let isOver = false;
  const watching = watch({ ...options, contests, goesOn: () => !isOver });
  try {
    const parts = contests.flatMap((contest) => contest.parts);
    await Promise.all([
      strikeAtRandom({ harm: { site, dice: dice.fork(), tally }, mix: play.mix, goesOn }),
      organize({
        ...setting,
        dice: dice.fork(),
        ...play,
        observer: site.observer,
        contests,
        goesOn,
      }),
      ...Array.from({ length: play.atOnce }, () => visitAround(setting, parts, goesOn)),
    ]);
    setFailpoints(site, {});
    await Promise.all([...site.webs, ...site.workers].map((member) => member.ready()));
    const quiet = new Patience(REACHABLE_MS);
    await answerAll(setting, parts, quiet);
    const named = contests.map((contest) => contest.parts.filter(isNamed));
    const loopers = play.keepsSeats ? [] : named.flatMap((parts) => parts.slice(0, LOOPERS));
    await Promise.all(loopers.map((part) => comeBack(setting, part)));
    await answerAll(setting, loopers, quiet);
    await lineServed({ observer: site.observer, contests, tally, quiet });
    await fillAll({ ...options, setting, contests, quiet });
    await sweptEqual({ contests, tally, quiet });
  } finally {
    isOver = true;
    await watching;
    client.close();
  }
  const redisForgot = forgetting(tally) > wipesBefore;
  await checkBeliefs({ observer: site.observer, contests, tally, redisForgot });
  tally.count("rounds");
  tally.count("competitions", contests.length);
}

/** Who knows which seat it is that they give back, and gets it again: nobody waits for it. */
function isNamed({ holds, contest }: Part): boolean {
  return holds !== undefined && holds !== "unnamed" && !contest.deleted && !contest.hasLine;
}

async function openContests({ site, dice, callers, organizers, play, name }: RoundOptions) {
  const crowds = Array.from({ length: play.contests }, (_, index) => {
    const contest = newContest(dice.pick(organizers), `${name}, competition ${index + 1}`);
    // Others in every round, so that no two rounds' people are the same.
    const from = dice.between(0, callers.length - 1);
    const crowd = [...callers.slice(from), ...callers.slice(0, from)].slice(0, play.crowd);
    contest.parts = crowd.map((caller) => newPart(caller, contest));
    contest.hasLine = index % LINE_EVERY !== 0;
    return {
      contest,
      capacity: Math.max(1, Math.round((play.crowd * dice.between(...play.seats)) / 100)),
      waitlistLimit: contest.hasLine ? Math.ceil(play.crowd * MOST_IN_LINE) : 0,
    };
  });
  await writeContests(site.observer, crowds);
  return crowds.map(({ contest }) => contest);
}

function setFailpoints(site: Site, play: Pick<Play, "webFailpoints" | "workerFailpoints">): void {
  for (const web of site.webs) web.setFailpoints(play.webFailpoints ?? "");
  for (const worker of site.workers) worker.setFailpoints(play.workerFailpoints ?? "");
}

/** How often Redis has forgotten things so far. */
function forgetting(tally: Tally): number {
  // A kill may lose the last second's writes too.
  const wipes = ["Redis wiped (FLUSHALL)", "Redis killed, data lost", "Redis killed, data kept"];
  return wipes.reduce((sum, name) => sum + tally.of(name), 0);
}

async function watch({
  site,
  contests,
  tally,
  goesOn,
}: Pick<RoundOptions, "site" | "tally"> & { contests: Contest[]; goesOn: () => boolean }) {
  while (goesOn()) {
    await checkSeats(site.observer, contests, tally);
    await delay(LOOK_MS);
  }
  await checkSeats(site.observer, contests, tally);
}

async function visitAround(setting: Setting, parts: Part[], goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const part = setting.dice.pick(parts);
    if (part.busy) {
      await delay(1);
      continue;
    }
    part.busy = true;
    await visit(setting, part);
    part.busy = false;
    // A person without an answer waits a moment, as a client that obeys `Retry-After` would.
    if (part.pending || part.cancelling) await delay(setting.dice.between(10, 100));
  }
}

/** So many of a person's last calls tell why there was no answer. */
const LAST_TOLD = 12;

/** Everybody who waits for an answer gets one. As long as some do, nobody is out of reach. */
async function answerAll(setting: Setting, parts: Part[], quiet: Patience): Promise<void> {
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

async function fillAll({
  site,
  tally,
  setting,
  contests,
  callers,
  quiet,
}: RoundOptions & { setting: Setting; contests: Contest[]; quiet: Patience }): Promise<void> {
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
}: Pick<RoundOptions, "site" | "tally" | "callers"> & {
  setting: Setting;
  contest: Contest;
}): Promise<void> {
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
