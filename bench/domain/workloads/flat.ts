import { drive } from "../../drive";
import { valuesOfStream } from "../../trace-values";
import { type Arena, takeTurns, type Workload } from "../arena";
import { fill, hydrate } from "../fill";
import { openCompetition, product } from "../sides/product";

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
