import { randomUUID } from "node:crypto";
import { drive } from "../../drive";
import { valuesOfRush } from "../../trace-values";
import { type Arena, AT_ONCE, takeTurns, type Workload } from "../arena";
import type { Person } from "../people";
import { conditionalCounter } from "../sides/conditional-counter";
import { writeBareBatches } from "../sides/limits";
import { openCompetition, product } from "../sides/product";
import { rowLock } from "../sides/row-lock";
import { seed } from "../sides/seed";
import { serializable } from "../sides/serializable";
import type { Side } from "../sides/side";

const EVERYBODY = [product, seed, rowLock, conditionalCounter, serializable];

/** One competition, a quarter as many seats as people, 200 of them at once. */
export const hot: Workload = async (arena) => {
  await takeTurns(arena, [...EVERYBODY, { name: "bare-batches" }], async (side, round) => {
    const capacity = arena.people.length / 4;
    if ("register" in side) return rush(arena, side, { workload: "hot", round, capacity });
    const competitionId = await openCompetition({ capacity });
    const people = arena.people.slice(0, capacity);
    const seatsPerSecond = await writeBareBatches({ competitionId, people });
    arena.measured({ workload: "hot", side: side.name, round, values: { seatsPerSecond } });
  });
};

/** The same with an idempotency key on every request. */
export const hotWithKeys: Workload = async (arena) => {
  await takeTurns(arena, [product, seed, conditionalCounter], (side, round) =>
    rush(arena, side, {
      workload: "hot-keys",
      round,
      capacity: arena.people.length / 4,
      withKeys: true,
    }),
  );
};

/** How throughput and waiting grow with how many come at once. */
export const curve: Workload = async (arena) => {
  const sides = [product, seed, rowLock, conditionalCounter];
  for (const atOnce of arena.quick ? [10, 200, 1_000] : [1, 10, 50, 200, 500, 1_000]) {
    arena.progress(`${atOnce} at once`);
    const rounds = Math.min(arena.rounds, 3);
    const people = arena.people.slice(0, Math.max(200, atOnce * 8));
    await takeTurns({ ...arena, rounds }, sides, (side, round) =>
      rush({ ...arena, people, turnMs: 4_000 }, side, {
        workload: "curve",
        round,
        capacity: people.length,
        atOnce,
        point: atOnce,
      }),
    );
  }
};

interface Rush {
  workload: string;
  round: number;
  capacity: number;
  atOnce?: number;
  withKeys?: boolean;
  point?: number;
}

async function rush(arena: Arena, side: Side, rush: Rush): Promise<void> {
  const { workload, round, capacity, point, atOnce = AT_ONCE, withKeys = false } = rush;
  const competitionId = await side.open({ capacity });
  const trace = await drive({
    items: arena.people,
    atOnce,
    forAtMostMs: arena.turnMs,
    ask: async (user: Person) => {
      const key = withKeys ? randomUUID() : undefined;
      return (await side.register({ user, competitionId, key })).ending;
    },
  });
  const oversold = Math.max(0, (await side.countStored(competitionId)) - capacity);
  const values = { ...valuesOfRush(trace), oversold };
  arena.measured({ workload, side: side.name, round, point, values });
}
