import { setTimeout as delay } from "node:timers/promises";
import { answerAll, fillAll, REACHABLE_MS } from "./aftermath";
import { checkBeliefs, checkSeats } from "./checks";
import { Client } from "./client";
import { type Caller, type Contest, newContest, newPart, type Part } from "./contest";
import type { Dice } from "./dice";
import { type Mix, strikeAtRandom } from "./faults";
import { lineServed } from "./line";
import { postPoison } from "./mail";
import { organize } from "./organizer";
import { comeBack, type Setting, visit } from "./participant";
import { Patience } from "./patience";
import { writeContests } from "./people";
import { sweptEqual } from "./redis-equal";
import { checkLinesBegan, rollOver } from "./rolling";
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
  /** Everybody rests that long after each visit, milliseconds; not at all without it. */
  restMs?: number;
  closings: number;
  deletions: number;
  /** Nobody gives a seat back: a mail about one that was given back is not sent. */
  keepsSeats?: boolean;
  /** The rush goes on until a process has died, whatever a busy machine makes of its time. */
  untilDeath?: boolean;
  /** The round ends once everybody has an answer: what is looked for has happened by then, or not. */
  isOnlyRush?: boolean;
}

export interface RoundOptions {
  site: Site;
  dice: Dice;
  tally: Tally;
  callers: readonly Caller[];
  organizers: readonly Caller[];
  play: Play;
  name: string;
  /** What the run is for was found: the round goes no further. */
  isFound: () => boolean;
}

/** So many of each competition register, cancel and register again when all is quiet. */
const LOOPERS = 5;
/** One in so many competitions has no line; the others one for so many of their crowd. */
const LINE_EVERY = 3;
const MOST_IN_LINE = 0.4;
/** Nobody waits longer for a process to die at a failpoint, milliseconds. */
const DEATH_MS = 30_000;
/** How often the seats are looked at during a round, milliseconds. */
const LOOK_MS = 500;

/** One rush under faults, then quiet, the filling of every competition, and the checks. */
export async function playRound(options: RoundOptions): Promise<void> {
  const { site, dice, tally, play, isFound } = options;
  setFailpoints(site, play);
  const contests = await openContests(options);
  await postPoison(site.observer, options.name);
  const client = new Client(site.ports, dice.fork());
  const { keepsSeats } = play;
  const isMixed = () => site.older.length > 0;
  const setting: Setting = { client, dice: dice.fork(), tally, keepsSeats, isMixed };
  const startedAt = performance.now();
  const deathsBefore = deathsIn(site);
  const goesOn = () => {
    const tookMs = performance.now() - startedAt;
    const isAwaited = play.untilDeath && deathsIn(site) === deathsBefore && tookMs < DEATH_MS;
    return !isFound() && (tookMs < play.rushMs || isAwaited === true);
  };
  const wipesBefore = forgetting(tally);
  let isOver = false;
  const watching = watch({ ...options, contests, goesOn: () => !isOver });
  try {
    const parts = contests.flatMap((contest) => contest.parts);
    await Promise.all([
      rollOver(site, play.rushMs / 2),
      strikeAtRandom({ harm: { site, dice: dice.fork(), tally }, mix: play.mix, goesOn }),
      organize({
        ...setting,
        dice: dice.fork(),
        ...play,
        observer: site.observer,
        contests,
        goesOn,
      }),
      ...Array.from({ length: play.atOnce }, () =>
        visitAround(setting, parts, { ...play, goesOn }),
      ),
    ]);
    if (isFound()) return;
    setFailpoints(site, {});
    await Promise.all([...site.webs, ...site.workers].map((member) => member.ready()));
    const quiet = new Patience(REACHABLE_MS);
    await answerAll(setting, parts, quiet);
    if (!play.isOnlyRush) await comeToRest({ ...options, setting, contests, quiet });
  } finally {
    isOver = true;
    await watching;
    client.close();
  }
  const redisForgot = forgetting(tally) > wipesBefore;
  await checkBeliefs({ observer: site.observer, contests, tally, redisForgot });
  checkLinesBegan(contests, site, tally);
  tally.count("rounds");
  tally.count("competitions", contests.length);
}

/** All is quiet: mail goes round in loops, lines move up, and every seat is taken. */
async function comeToRest(options: Resting): Promise<void> {
  const { site, tally, play, setting, contests, quiet } = options;
  const named = contests.map((contest) => contest.parts.filter(isNamed));
  const loopers = play.keepsSeats ? [] : named.flatMap((parts) => parts.slice(0, LOOPERS));
  await Promise.all(loopers.map((part) => comeBack(setting, part)));
  await answerAll(setting, loopers, quiet);
  await lineServed({ observer: site.observer, contests, tally, quiet });
  await fillAll(options);
  await sweptEqual({ contests, tally, quiet });
}

type Resting = RoundOptions & { setting: Setting; contests: Contest[]; quiet: Patience };

function deathsIn({ webs, workers }: Site): number {
  return [...webs, ...workers].reduce((sum, { kills }) => sum + kills, 0);
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

async function visitAround(
  setting: Setting,
  parts: Part[],
  { goesOn, restMs }: { goesOn: () => boolean; restMs?: number },
): Promise<void> {
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
    else if (restMs) await delay(restMs);
  }
}
