import type { Person } from "../../../tests/support/fixtures";
import { drive } from "../../drive";
import { valuesOfStream } from "../../trace-values";
import { takeTurns, turnMs, type Workload } from "../arena";
import { QUICK_SIDES } from "../sides";
import { bareInsert } from "../sides/bare-insert";

/** One registration after the other: how long a person waits when nobody else is there. */
export const lone: Workload = async (arena) => {
  const people = arena.people.slice(0, arena.quick ? 200 : 1_000);
  const sides = [...QUICK_SIDES, bareInsert];
  await takeTurns(arena, sides, async (side, round) => {
    const competitionId = await side.open({ capacity: people.length });
    const ask = async (user: Person) => (await side.register({ user, competitionId })).ending;
    await drive({ items: people.slice(0, 50), atOnce: 1, ask });
    const forAtMostMs = turnMs(arena, round) / 2;
    const trace = await drive({ items: people.slice(50), atOnce: 1, ask, forAtMostMs });
    const { p50Ms, p99Ms } = valuesOfStream(trace);
    arena.measured({ workload: "lone", side: side.name, round, values: { p50Ms, p99Ms } });
  });
};
