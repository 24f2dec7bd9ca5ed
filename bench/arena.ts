import { tryRedis } from "~/platform/redis";
import type { Person } from "../tests/support/fixtures.ts";
import { rivals } from "./domain/rival-database.ts";
import type { Measure, Order } from "./measure.ts";
import { invitePeople } from "./people.ts";

/** What a workload gets: how much to do, people to do it with, and where to report. */
export interface Arena extends Omit<Order, "workload"> {
  people: Person[];
  measured: (measure: Omit<Measure, "network">) => void;
  progress: (text: string) => void;
}

export type Workload = (arena: Arena) => Promise<void>;

/** Empties what registrations fill, so that each turn starts from the same. */
export async function clearTheTables(): Promise<void> {
  await rivals().query(
    `truncate registration, stored_answer, outbox, mail_box, mail_turn, seat, competition, redis_gap,
       rival.registration, rival.line, rival.competition, rival.mail_box, rival.failed_job cascade`,
  );
  const flushed = await tryRedis((client) => client.flushall());
  if (!flushed) throw new Error("Redis cannot be flushed");
}

/**
 * The rounds of a workload; round 0 only warms up. After the first two, no round begins that would not end
 * in time, judging by the longest so far.
 */
export function* roundsOf({ rounds, forMs }: Pick<Arena, "rounds" | "forMs">): Generator<number> {
  let longestMs = 0;
  for (let round = 0; round <= rounds; round++) {
    // By `performance.now()`, which counts from the start of the process.
    const startedAtMs = performance.now();
    if (round > 1 && startedAtMs + longestMs > forMs) return;
    yield round;
    if (round > 0) longestMs = Math.max(longestMs, performance.now() - startedAtMs);
  }
}

/** How long a side's turn may take at most, milliseconds; a slow side then serves fewer people. */
export function turnMs({ quick }: Pick<Arena, "quick">, round: number): number {
  const whole = quick ? 1_000 : 6_000;
  return round === 0 ? whole / 4 : whole;
}

/**
 * Runs each side once a round, one after the other (A B C, B C A, …): whatever else the machine is
 * doing hits them alike, and no side always comes after the same other one.
 */
export async function takeTurns<S extends { name: string }>(
  arena: Arena,
  sides: readonly S[],
  turn: (side: S, round: number) => Promise<void>,
): Promise<void> {
  for (const round of roundsOf(arena)) {
    // Round 1 in the order given, which is then that of the tables.
    const first = (round + sides.length - 1) % sides.length;
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      arena.progress(`round ${round} of ${arena.rounds} at most: ${side.name}`);
      await clearTheTables();
      await turn(side, round);
    }
  }
}

/** People enough for every workload, made once, in place of those of the workload before. */
export async function invitePeopleAnew({ quick }: { quick: boolean }): Promise<Person[]> {
  await rivals().query('truncate "user" cascade');
  return invitePeople(rivals(), quick ? 4_000 : 20_000);
}
