import { database } from "~/platform/orm.server";
import { tryRedis } from "~/platform/redis.server";
import type { Measure, Network } from "../measure";
import { createPeople, type Person } from "./people";

/** What a workload gets: how much to do, people to do it with, and somebody to tell. */
export interface Arena {
  quick: boolean;
  rounds: number;
  network: Network;
  people: Person[];
  /** Ends a side's turn, however slow it is. */
  turnMs: number;
  measured: (measure: Omit<Measure, "network">) => void;
  progress: (text: string) => void;
}

export type Workload = (arena: Arena) => Promise<void>;

/** Two hundred people at the same moment: the rush that all sides meet. */
export const AT_ONCE = 200;

/** Empties what registrations fill, so that each turn starts from the same. */
export async function clearTheTables(): Promise<void> {
  await database().execute(
    `truncate registration, idempotency_key, outbox, seat, competition,
       rival.registration, rival.competition cascade`,
  );
  const flushed = await tryRedis((client) => client.flushall());
  if (!flushed) throw new Error("Redis cannot be flushed");
}

/**
 * Runs each side once a round, one after the other (A B C, B C A, …): whatever else the machine is
 * doing hits them alike, and no side always comes after the same other one. Round 0 warms up.
 */
export async function takeTurns<S extends { name: string }>(
  { rounds, progress }: Arena,
  sides: readonly S[],
  turn: (side: S, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    const first = round % sides.length;
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      progress(`round ${round} of ${rounds}: ${side.name}`);
      await clearTheTables();
      await turn(side, round);
    }
  }
}

/** People enough for every workload, made once. */
export function invitePeople({ quick }: { quick: boolean }): Promise<Person[]> {
  return createPeople(quick ? 4_000 : 20_000);
}
