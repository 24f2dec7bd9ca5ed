import { randomUUID } from "node:crypto";
import type { Client, Reply } from "./client";
import { type Part, type Told, tell } from "./contest";
import type { Dice } from "./dice";
import { type Attempt, isGiven, settled, type Verdict, verdictOf } from "./history";
import { notePlace } from "./line";
import type { Tally } from "./tally";

export interface Setting {
  client: Client;
  dice: Dice;
  tally: Tally;
  keepsSeats?: boolean | undefined;
  /** Whether processes of an older version serve, too. */
  isMixed?: () => boolean;
}

/**
 * One visit of a person to a competition: asks again what was not answered, else registers, repeats
 * an earlier request, tries for a second seat or gives the seat back.
 */
export async function visit(setting: Setting, part: Part): Promise<void> {
  const { dice } = setting;
  if (part.pending || part.cancelling) return pursue(setting, part);
  if (part.holds === undefined) {
    const old = part.attempts.filter(isRepeatable);
    if (old.length > 0 && dice.chance(0.1)) return repeat(setting, part, dice.pick(old));
    await register(setting, part);
    return;
  }
  if (part.holds !== "unnamed" && part.holds.seatNo === null && dice.chance(0.3)) {
    return look(setting, part, part.holds);
  }
  const wish = dice.between(1, 10);
  if (wish <= 6) {
    const old = part.attempts.filter(isRepeatable);
    if (old.length > 0) await repeat(setting, part, dice.pick(old));
  } else if (wish <= 8) await register(setting, part);
  // Who has no key cannot tell a late success from a second one.
  else if (part.holds !== "unnamed" && !setting.keepsSeats) await cancel(setting, part);
}

/** Other refusals are not remembered, and another day's answer may differ. */
function isRepeatable(attempt: Attempt): boolean {
  const verdict = settled(attempt)?.verdict;
  return attempt.key !== undefined && (isGiven(verdict) || verdict === "full");
}

/** Gives the seat back and takes one again: a loop, as mail sees it. */
export async function comeBack(setting: Setting, part: Part): Promise<void> {
  await cancel(setting, part);
  if (!part.cancelling && !part.holds) await register(setting, part, { plain: true });
}

/** Asks once more for the answer that is missing. */
export async function pursue(setting: Setting, part: Part): Promise<void> {
  if (part.cancelling) return cancel(setting, part);
  if (!part.pending) return;
  await send(setting, part, part.pending);
  conclude(setting, part);
}

/** Asks for a seat once, under a new key. @returns the answer, or undefined for none yet */
export async function register(
  setting: Setting,
  part: Part,
  { plain = false } = {},
): Promise<Verdict | undefined> {
  const { dice } = setting;
  const key = plain || dice.chance(0.92) ? randomUUID() : undefined;
  // Who has no key could not tell whether a place is theirs.
  const waitlist = key !== undefined && !plain && part.contest.hasLine && dice.chance(0.7);
  const attempt: Attempt = { key, waitlist, sends: [] };
  part.attempts.push(attempt);
  part.pending = attempt;
  const twice = key !== undefined && !plain && dice.chance(0.15);
  await Promise.all([
    send(setting, part, attempt),
    twice ? send(setting, part, attempt) : undefined,
  ]);
  return conclude(setting, part);
}

async function repeat(setting: Setting, part: Part, attempt: Attempt): Promise<void> {
  const before = settled(attempt)?.verdict;
  await send(setting, part, attempt);
  const last = attempt.sends.at(-1);
  // A refusal may have become a seat: then this is news, and the checks judge whether it may be.
  if (isGiven(before)) return;
  if (isGiven(last?.verdict)) hold(part, last.body);
  if (last?.verdict === "unknown") part.pending = attempt;
}

async function send(setting: Setting, part: Part, attempt: Attempt): Promise<void> {
  const { client, tally } = setting;
  const { contest, caller } = part;
  const path = `/api/competitions/${contest.id}/register`;
  const { key } = attempt;
  const json = attempt.waitlist ? { waitlist: true } : undefined;
  const sentAt = performance.now();
  const reply = await client.call({ method: "POST", path, token: caller.token, key, json });
  // The older version knows no such wish: a program asks again.
  const isOlder = attempt.waitlist && reply.heard && reply.code === "validation_failed";
  const verdict = isOlder && setting.isMixed?.() ? "unknown" : verdictOf(reply);
  tally.count("registrations called");
  tally.count(`answered: ${verdict === "unknown" ? undecided(reply) : (verdict ?? "otherwise")}`);
  const isGroundless =
    (verdict === "gone" && !contest.deleted) ||
    (verdict === "closed" && !contest.deadlineMoved) ||
    (verdict === "early" && !contest.openingMoved);
  if (verdict === null || isGroundless) {
    tally.violate("an answer that nobody should get", describe(reply));
  }
  const heardAt = performance.now();
  part.story.push(
    line(`register ${key?.slice(0, 8) ?? "without a key"}`, { sentAt, heardAt, reply }),
  );
  attempt.sends.push({
    sentAt,
    heardAt,
    verdict: verdict ?? "unknown",
    body: reply.heard && reply.status === 201 ? reply.body : "",
    isReplay: reply.heard && reply.isReplay,
  });
}

/** Draws from the pending attempt's answers what its caller now believes. */
function conclude({ tally }: Setting, part: Part): Verdict | undefined {
  const { pending: attempt } = part;
  const answer = attempt && settled(attempt);
  if (!attempt || !answer || answer.verdict === "unknown") return undefined;
  part.pending = undefined;
  const { verdict } = answer;
  if (isGiven(verdict)) {
    if (part.holds) {
      tally.violate("a key with two answers", `two seats for ${tell(part)}`);
    }
    if (attempt.key === undefined) part.holds = "unnamed";
    else hold(part, answer.body);
  }
  if (verdict === "already_registered" && part.holds === undefined) {
    if (attempt.key === undefined && attempt.sends.length > 1) part.holds = "unnamed";
    else {
      const detail = `"already registered", but never told of a seat: ${tell(part)}`;
      tally.violate("a belief that is not in the database", detail);
    }
  }
  const waits = part.holds && part.holds !== "unnamed" && part.holds.seatNo === null;
  if (verdict === "already_waiting" && !waits) {
    const detail = `"already waiting", but never told of a place: ${tell(part)}`;
    tally.violate("a belief that is not in the database", detail);
  }
  return verdict;
}

function hold(part: Part, body: string): void {
  const { id, seatNo, waitlist } = JSON.parse(body) as Told & {
    waitlist?: { placeAtJoin: number };
  };
  part.holds = { id, seatNo };
  const first = part.attempts.flatMap(({ sends }) => sends).find((send) => send.body === body);
  if (waitlist && first) notePlace(part, { id, place: waitlist.placeAtJoin, ...first });
}

/** Somebody in line looks where they stand. */
async function look({ client, tally }: Setting, part: Part, { id }: Told): Promise<void> {
  const path = `/api/competitions/${part.contest.id}/registration`;
  const sentAt = performance.now();
  const reply = await client.call({ method: "GET", path, token: part.caller.token });
  const heardAt = performance.now();
  part.story.push(line("look", { sentAt, heardAt, reply }));
  tally.count("looks at a place in line");
  if (!reply.heard || reply.status === 503 || part.contest.deleted) return;
  if (reply.status !== 200) {
    tally.violate("a belief that is not in the database", `no place to see: ${tell(part)}`);
    return;
  }
  const { seatNo, waitlist } = JSON.parse(reply.body) as Standing;
  if (waitlist && !waitlist.about) notePlace(part, { id, place: waitlist.place, sentAt, heardAt });
  if (seatNo === null) return;
  tally.count("promotions seen by who was promoted");
  part.holds = { id, seatNo };
}

interface Standing {
  seatNo: number | null;
  waitlist: { place: number; about: boolean } | null;
}

async function cancel({ client, tally }: Setting, part: Part): Promise<void> {
  const isRepeat = part.cancelling;
  part.cancelling = true;
  const path = `/api/competitions/${part.contest.id}/register`;
  const sentAt = performance.now();
  part.leaves.push(sentAt);
  const reply = await client.call({ method: "DELETE", path, token: part.caller.token });
  part.story.push(line("cancel", { sentAt, heardAt: performance.now(), reply }));
  tally.count("cancellations called");
  if (!reply.heard || reply.status === 503 || reply.status === 429) return;
  part.cancelling = false;
  if (reply.status === 204) part.holds = undefined;
  else if (reply.status === 404 && (isRepeat || part.contest.deleted)) {
    if (!part.contest.deleted) part.holds = undefined;
  } else if (reply.code === "deadline_passed") return;
  else if (reply.status === 404) {
    tally.violate("a belief that is not in the database", `nothing to cancel: ${tell(part)}`);
  } else tally.violate("an answer that nobody should get", describe(reply));
}

function undecided(reply: Reply): string {
  return reply.heard ? reply.code : "not at all";
}

function line(
  what: string,
  { sentAt, heardAt, reply }: { sentAt: number; heardAt: number; reply: Reply },
): string {
  const answer = reply.heard
    ? `${reply.status} ${reply.code}${reply.isReplay ? "replayed" : ""}`
    : "no answer";
  return `${Math.round(sentAt)}–${Math.round(heardAt)} ms ${what}: ${answer}`;
}

function describe(reply: Reply): string {
  return reply.heard ? `${reply.status} ${reply.body.slice(0, 300)}` : "no answer";
}
