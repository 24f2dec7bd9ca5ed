import { setTimeout as delay } from "node:timers/promises";
import type { Row } from "./checks";
import { type Contest, type Part, tell } from "./contest";
import { type Attempt, isGiven, type Send } from "./history";
import type { Observer } from "./observer";
import type { Patience } from "./patience";
import type { Tally } from "./tally";

/** A place in line as somebody was told of it, in milliseconds of the harness' clock. */
export interface ToldPlace {
  /** The registration's. */
  id: string;
  place: number;
  sentAt: number;
  heardAt: number;
}

/** Notes a place that was told. */
export function notePlace(part: Part, { id, place, sentAt, heardAt }: ToldPlace): void {
  part.places.push({ id, place, sentAt, heardAt });
}

/** Waits until nobody waits for a seat that is free. As long as they become fewer, all is well. */
export async function lineServed({
  observer,
  contests,
  tally,
  quiet,
}: {
  observer: Observer;
  contests: readonly Contest[];
  tally: Tally;
  quiet: Patience;
}): Promise<void> {
  const ids = JSON.stringify(contests.map(({ id }) => id));
  let tries = 0;
  let least = Number.POSITIVE_INFINITY;
  for (;;) {
    const idle = await observer.rows<{ id: string; seats: number }>(IDLE, [ids]);
    if (idle.length === 0) return;
    const seats = idle.reduce((sum, one) => sum + one.seats, 0);
    if (seats < least) {
      least = seats;
      tries = 0;
      quiet.renew();
    }
    tries += 1;
    if (quiet.isOver(tries)) {
      const detail = idle.map((one) => `${one.seats} in ${one.id}`).join(", ");
      tally.violate("a seat free while somebody waits", detail);
      return;
    }
    await delay(500);
  }
}

const IDLE = `
select c.id, least(c.capacity - taken.seats, waiting.people)::int as seats from competition c,
  lateral (select count(*) as seats from registration r
    where r.competition_id = c.id and r.status = 'CONFIRMED') taken,
  lateral (select count(*) as people from registration w
    where w.competition_id = c.id and w.status = 'WAITLISTED') waiting
where c.id in (select value::uuid from json_array_elements_text(?::json)) and c.deleted_at is null
  and c.capacity > taken.seats and waiting.people > 0`;

/** Somebody who was told of a place in line, and how long they surely waited. */
interface Waiting {
  part: Part;
  /** Their first call that this place may have come of. */
  from: number;
  heardAt: number;
  promotedAt: number;
  until: number;
}

/**
 * Who waits is overtaken by nobody who came later: neither by walking in, nor in line. And a place that
 * was told never grows.
 */
export function checkOrder(contest: Contest, rows: readonly Row[], tally: Tally): void {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const line = contest.parts.flatMap((part) => waitsOf(part, byId));
  tally.count("places in line", line.length);
  tally.count("promotions", rows.filter(({ promoted_at }) => promoted_at !== null).length);
  for (const part of contest.parts) {
    for (const detail of grownPlaces(part.places)) {
      tally.violate("a place in line that grew", `${detail}: ${tell(part)}`);
    }
    for (const attempt of part.attempts) {
      const walked = attempt.sends.find(({ verdict }) => verdict === "registered");
      if (!walked) continue;
      const from = firstCall(part, attempt);
      const passed = line.find(
        (one) => one.part !== part && one.heardAt < from && one.until > walked.heardAt,
      );
      if (passed) overtaken(tally, passed, part);
    }
  }
  for (const later of line) {
    if (later.promotedAt === Number.POSITIVE_INFINITY) continue;
    const passed = line.find(
      (one) => one.heardAt < later.from && one.until > later.promotedAt && one !== later,
    );
    if (passed) overtaken(tally, passed, later.part);
  }
}

function overtaken(tally: Tally, passed: Waiting, by: Part): void {
  const detail = `${tell(passed.part)}\n  by ${tell(by)}`;
  tally.violate("somebody who waits was overtaken", detail);
}

function waitsOf(part: Part, rows: ReadonlyMap<string, Row>): Waiting[] {
  return part.attempts.flatMap((attempt) => {
    const told = attempt.sends.find(({ verdict }) => verdict === "waiting");
    const row = told && rows.get(String((JSON.parse(told.body) as { id: unknown }).id));
    if (!told || !row) return [];
    const left = part.leaves.find((at) => at > told.heardAt) ?? Number.POSITIVE_INFINITY;
    const promotedAt =
      row.promoted_at === null
        ? Number.POSITIVE_INFINITY
        : row.promoted_at - performance.timeOrigin;
    const until = Math.min(left, promotedAt);
    return [{ part, from: firstCall(part, attempt), heardAt: told.heardAt, promotedAt, until }];
  });
}

/** What was not answered may have left a hold, or a number, that serves the next attempt. */
function firstCall(part: Part, attempt: Attempt): number {
  const before = part.attempts.slice(0, part.attempts.indexOf(attempt));
  const open = before.filter(({ sends }) => sends.some(isUnanswered) && !sends.some(hasGiven));
  return Math.min(...[...open, attempt].flatMap(({ sends }) => sends.map(({ sentAt }) => sentAt)));
}

const isUnanswered = ({ verdict }: Send) => verdict === "unknown";
const hasGiven = ({ verdict }: Send) => isGiven(verdict);

/** @returns a sentence for each place that was worse than one told before, of the same registration */
export function grownPlaces(places: readonly ToldPlace[]): string[] {
  return places.flatMap((later) =>
    places
      .filter(({ id, heardAt, place }) => {
        return id === later.id && heardAt < later.sentAt && place < later.place;
      })
      .slice(0, 1)
      .map(({ place }) => `place ${place}, then ${later.place}`),
  );
}
