import { closeMailQueue } from "~/domain/mail/index.server";
import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { diceFrom } from "./dice";
import { settleMail } from "./mail";
import { checkMail } from "./mailboxes";
import { makeCallers } from "./people";
import { operate } from "./programs";
import { type Play, playRound } from "./round";
import type { Site } from "./site";
import { Tally, type Violation } from "./tally";

export interface RunOptions {
  site: Site;
  play: Play;
  seed: number;
  /** No round begins after this long; at least one is played. Milliseconds. */
  durationMs: number;
  /** Ends the run after the current round when it says so. */
  isStopped?: () => boolean;
  /** Ends the run as soon as it is found. */
  sought?: Violation | undefined;
  log: (line: string) => void;
}

const PEOPLE = 1_500;
const ORGANIZERS = 5;

/**
 * Plays rounds and returns what was done and what was found. Loaded after the site's addresses are
 * in the environment: the harness looks into Redis and Postgres through the product's own doors.
 */
export async function run({
  site,
  play,
  seed,
  durationMs,
  isStopped = () => false,
  sought,
  log,
}: RunOptions): Promise<Tally> {
  const tally = new Tally(log);
  const isFound = () => sought !== undefined && tally.violations.has(sought);
  try {
    const dice = diceFrom(seed);
    const { observer } = site;
    const callers = await makeCallers(observer, { count: PEOPLE, role: "PARTICIPANT" });
    const organizers = await makeCallers(observer, { count: ORGANIZERS, role: "ORGANIZER" });
    const endAt = performance.now() + durationMs;
    const startedAt = performance.now();
    let round = 0;
    do {
      const name = `Round ${++round}`;
      await playRound({ site, dice: dice.fork(), tally, callers, organizers, play, name, isFound });
      noteProcesses(site, tally);
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      log(`${seconds} s: ${name}, ${progress(tally)}`);
    } while (performance.now() < endAt && !isStopped() && !isFound());
    if (!isFound()) {
      await settleMail(site, tally);
      await checkMail(observer, tally);
    }
    if (!isFound()) await checkWithOps(site, tally);
    noteProcesses(site, tally);
    tally.most("seconds", Math.round((performance.now() - startedAt) / 1_000));
  } finally {
    await closeMailQueue().catch(() => {});
    closeRedis();
    await closeDatabase().catch(() => {});
    await site.stop();
  }
  noteProcesses(site, tally);
  return tally;
}

function progress(tally: Tally): string {
  const figures = ["registrations called", "processes killed"].map(
    (name) => `${tally.of(name)} ${name}`,
  );
  return [...figures, `${tally.violated} violations`].join(", ");
}

/** Deaths wanted and not. */
function noteProcesses({ webs, workers }: Site, tally: Tally): void {
  const kills = (members: Site["webs"]) => members.reduce((sum, { kills }) => sum + kills, 0);
  tally.most("web processes killed", kills(webs));
  tally.most("worker processes killed", kills(workers));
  tally.most("processes killed", kills(webs) + kills(workers));
  for (const member of [...webs, ...workers]) {
    for (const crash of member.crashes.splice(0)) {
      tally.violate("a process that ended by itself", crash);
    }
  }
}

/** What an operator would ask at the end. */
async function checkWithOps({ env }: Site, tally: Tally): Promise<void> {
  const { exitCode, printed } = await operate(env, ["reconcile", "--check"]);
  if (exitCode !== 0) tally.violate("Redis differs from Postgres after the sweep", printed);
}
