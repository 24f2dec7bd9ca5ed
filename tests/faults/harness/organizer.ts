import { setTimeout as delay } from "node:timers/promises";
import type { Reply } from "./client";
import { type Contest, deadline } from "./contest";
import type { Dice } from "./dice";
import type { Observer } from "./observer";
import type { Setting } from "./participant";
import { Patience } from "./patience";

export interface Organizing extends Setting {
  observer: Observer;
  contests: Contest[];
  /** False once the rush is over. */
  goesOn: () => boolean;
  /** How likely one move closes a competition for a while. */
  closings: number;
  /** How likely one move deletes a competition; one always stays. */
  deletions: number;
}

/** Resizes, closes, reopens and deletes competitions in the middle of the rush, until it is over. */
export async function organize(setting: Organizing): Promise<void> {
  const { dice, contests, goesOn } = setting;
  while (goesOn()) {
    const living = contests.filter(({ deleted }) => !deleted);
    const contest = dice.pick(living);
    if (dice.chance(setting.closings)) await closeForAWhile(setting, contest);
    else if (dice.chance(setting.deletions) && living.length > 1) await remove(setting, contest);
    else await resize(setting, contest, capacityAround(contest, dice));
    await delay(dice.between(50, 500));
  }
}

function capacityAround(contest: Contest, dice: Dice): number {
  return Math.max(1, Math.round(contest.parts.length * (dice.between(10, 90) / 100)));
}

async function resize(setting: Organizing, contest: Contest, capacity: number): Promise<void> {
  setting.tally.count("capacity edits called");
  const reply = await change(setting, contest, { capacity });
  const isRefused = reply.heard && reply.status === 409;
  if (!isRefused) judge(setting, reply, [200]);
}

/** Closed is closed: between the two answers, nobody gets a seat. So it is before the opening. */
async function closeForAWhile(setting: Organizing, contest: Contest): Promise<void> {
  const isEarly = setting.dice.chance(0.5);
  setting.tally.count(isEarly ? "openings moved" : "deadlines moved");
  contest[isEarly ? "openingMoved" : "deadlineMoved"] = true;
  const shut = isEarly ? { opensAt: deadline(1) } : { regDeadline: deadline(-0.01) };
  judge(setting, await change(setting, contest, shut), [200]);
  const from = performance.now();
  // Before an opening who waits already still gets what comes free.
  const before = await confirmedIds(setting, contest, isEarly);
  await delay(setting.dice.between(300, 2_500));
  const after = await confirmedIds(setting, contest, isEarly);
  contest.closed.push({ from, until: performance.now() });
  for (const id of after) {
    if (before.has(id)) continue;
    setting.tally.violate("a seat given after closing was acknowledged", `${id} in ${contest.id}`);
  }
  const open = isEarly ? { opensAt: null } : { regDeadline: deadline(2) };
  judge(setting, await change(setting, contest, open), [200]);
}

async function remove(setting: Organizing, contest: Contest): Promise<void> {
  setting.tally.count("competitions deleted");
  contest.deleted = true;
  const path = `/api/competitions/${contest.id}`;
  const reply = await untilHeard(() =>
    setting.client.call({ method: "DELETE", path, token: contest.organizer.token }),
  );
  // Not found: an earlier try, whose answer was lost, has deleted it.
  judge(setting, reply, [204, 404]);
}

function change(
  { client }: Setting,
  { id, organizer }: Contest,
  json: Record<string, unknown>,
): Promise<Heard> {
  const path = `/api/competitions/${id}`;
  return untilHeard(() => client.call({ method: "PATCH", path, token: organizer.token, json }));
}

/** What an organizer hears in the end, and what they heard on the way there. */
type Heard = Reply & { tries: string[] };

/** An organizer who repeats an edit hears of it within this time, milliseconds. */
const ANSWERED_MS = 60_000;
const PAUSE_MS = 100;

/** An edit may be repeated: it says what shall be. */
async function untilHeard(call: () => Promise<Reply>): Promise<Heard> {
  const patience = new Patience(ANSWERED_MS);
  const tries: string[] = [];
  for (;;) {
    const calledAt = performance.now();
    const reply = await call();
    const tookMs = Math.round(performance.now() - calledAt);
    tries.push(`${reply.heard ? reply.status : "nothing"} after ${tookMs} ms`);
    // All processes were killed, and start again: on a busy machine that takes its time.
    if (!reply.heard && reply.nobodyListens) patience.leaveOut(tookMs + PAUSE_MS);
    const isAnswered = reply.heard && reply.status !== 503;
    if (isAnswered || patience.isOver(tries.length)) return { ...reply, tries };
    await delay(PAUSE_MS);
  }
}

function judge({ tally }: Setting, reply: Heard, expected: number[]): void {
  if (reply.heard && expected.includes(reply.status)) return;
  const said = reply.heard
    ? `${reply.status} ${reply.body.slice(0, 300)}`
    : `no answer in a minute in which somebody listened: ${reply.tries.join(", ")}`;
  tally.violate("an answer that nobody should get", `to an organizer: ${said}`);
}

async function confirmedIds(
  { observer }: Organizing,
  contest: Contest,
  walkedIn: boolean,
): Promise<Set<string>> {
  const rows = await observer.rows<{ id: string }>(
    `select id from registration where competition_id = ? and status = 'CONFIRMED'
       and not (?::boolean and promoted_at is not null)`,
    [contest.id, walkedIn],
  );
  return new Set(rows.map(({ id }) => id));
}
