import { randomUUID } from "node:crypto";
import type { Person } from "../../../tests/support/fixtures";
import { drive } from "../../drive";
import { valuesOfRush } from "../../trace-values";
import { type Arena, AT_ONCE, takeTurns, turnMs, type Workload } from "../arena";
import { QUICK_SIDES, SIDES } from "../sides";
import { writeBareBatches } from "../sides/limits";
import { openCompetition } from "../sides/product";
import { rowLock } from "../sides/row-lock";
import type { Side } from "../sides/side";

/** One competition, a quarter as many seats as people, 200 of them at once. */
export const hot: Workload = async (arena) => {
  await takeTurns(arena, [...SIDES, { name: "bare-batches" }], async (side, round) => {
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
  const sides = QUICK_SIDES.filter((side) => side !== rowLock);
  const capacity = arena.people.length / 4;
  await takeTurns(arena, sides, (side, round) =>
    rush(arena, side, { workload: "hot-keys", round, capacity, withKeys: true }),
  );
};

/** Few enough seats for every side to sell all of them in its time, and then some. */
export const oversell: Workload = async (arena) => {
  const capacity = arena.quick ? 100 : 500;
  const people = arena.people.slice(0, capacity + 2 * AT_ONCE);
  await takeTurns(arena, SIDES, (side, round) =>
    rush({ ...arena, people }, side, {
      workload: "oversell",
      round,
      capacity,
      forAtMostMs: 3 * turnMs(arena, round),
    }),
  );
};

/** How throughput and waiting grow with how many come at once; a seat for everybody. */
export const curve: Workload = async (arena) => {
  const points = arena.quick ? [50, 1_000] : [10, 50, 200, 1_000];
  const turns = points.flatMap((atOnce) =>
    SIDES.map((side) => ({ name: `${side.name}, ${atOnce} at once`, side, atOnce })),
  );
  await takeTurns(arena, turns, ({ side, atOnce }, round) => {
    const people = arena.people.slice(0, Math.max(2_000, atOnce * 8));
    return rush({ ...arena, people }, side, {
      workload: "curve",
      round,
      capacity: people.length,
      atOnce,
      point: atOnce,
      forAtMostMs: turnMs(arena, round) / 3,
    });
  });
};

interface Rush {
  workload: string;
  round: number;
  capacity: number;
  atOnce?: number;
  withKeys?: boolean;
  point?: number;
  forAtMostMs?: number;
}

async function rush(arena: Arena, side: Side, rush: Rush): Promise<void> {
  const { workload, round, capacity, point, atOnce = AT_ONCE, withKeys = false } = rush;
  const competitionId = await side.open({ capacity });
  const trace = await drive({
    items: arena.people,
    atOnce,
    forAtMostMs: rush.forAtMostMs ?? turnMs(arena, round),
    ask: async (user: Person) => {
      const key = withKeys ? randomUUID() : undefined;
      return (await side.register({ user, competitionId, key })).ending;
    },
  });
  const oversold = Math.max(0, (await side.countStored(competitionId)) - capacity);
  const values = { ...valuesOfRush(trace), oversold };
  arena.measured({ workload, side: side.name, round, point, values });
}
