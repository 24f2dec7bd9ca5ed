import type { Person } from "../../tests/support/fixtures.ts";
import { type Arena, takeTurns, turnMs, type Workload } from "../arena.ts";
import { drive, valuesOfStream } from "../trace.ts";
import { fill, hydrate } from "./fill.ts";
import { QUICK_SIDES } from "./sides/index.ts";
import { bareInsert } from "./sides/plain-sql.ts";
import { openCompetition, product } from "./sides/product.ts";

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

/** Registrations before those that are measured. */
const WARM_UP = 10;

/** A competition with a hundred seats left, of as many as there are. */
export const flatSeats = flat({
  workload: "flat-seats",
  points: ({ quick }) => [100, quick ? 10_000 : 100_000],
  people: 90,
  async prepare(seats) {
    const ids = await fill({ competitions: 1, seats, taken: seats - 100 });
    await hydrate(ids);
    return ids;
  },
});

/** Registrations in the database, of other competitions. */
export const flatRows = flat({
  workload: "flat-rows",
  points: ({ quick }) => [10_000, quick ? 100_000 : 1_000_000],
  people: 300,
  async prepare(registrations) {
    await fill({ competitions: registrations / 5_000, seats: 5_000, taken: 5_000 });
    return [await openCompetition({ capacity: 300 })];
  },
});

/** Competitions that Redis knows; people register for all of them. */
export const flatKnown = flat({
  workload: "flat-known",
  points: ({ quick }) => [10, quick ? 1_000 : 10_000],
  people: 300,
  async prepare(competitions) {
    const ids = await fill({ competitions, seats: 30 });
    await hydrate(ids);
    return ids;
  },
});

/** One registration after the other, where there is little of something and where there is much. */
function flat({
  workload,
  points,
  people,
  prepare,
}: {
  workload: string;
  points: (arena: Arena) => [few: number, many: number];
  people: number;
  prepare: (point: number) => Promise<string[]>;
}): Workload {
  return async (arena) => {
    const [few, many] = points(arena);
    const turns = [few, many].map((point) => ({ name: String(point), point }));
    await takeTurns(arena, turns, async ({ point }, round) => {
      const ids = await prepare(round === 0 ? few : point);
      const requests = arena.people.slice(0, people).map((user, index) => ({
        user,
        competitionId: ids[index % ids.length] ?? "",
      }));
      const ask = async (request: (typeof requests)[number]) =>
        (await product.register(request)).ending;
      await drive({ items: requests.slice(0, WARM_UP), atOnce: 1, ask });
      const trace = await drive({ items: requests.slice(WARM_UP), atOnce: 1, ask });
      const { p50Ms, p99Ms } = valuesOfStream(trace);
      const wrong = trace.requests.filter(({ ending }) => ending !== "registered").length;
      const values = { p50Ms, p99Ms, wrong };
      arena.measured({ workload, side: "product", point, round, values });
    });
  };
}
