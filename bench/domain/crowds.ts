import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Person } from "../../tests/support/fixtures.ts";
import { type Arena, takeTurns, turnMs, type Workload } from "../arena.ts";
import { AT_ONCE } from "../measure.ts";
import { drive, valuesOfRush } from "../trace.ts";
import { QUICK_SIDES, SIDES } from "./sides/index.ts";
import { writeBareBatches } from "./sides/limits.ts";
import { rowLock } from "./sides/plain-sql.ts";
import { openCompetition } from "./sides/product.ts";
import type { Answer, Side } from "./sides/side.ts";

const MANY_COMPETITIONS = 200;
/** How long people wait before they ask again when the answer is "still in progress". */
const COME_BACK_MS = 25;

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

/** Two hundred competitions at once, a quarter as many seats as people. */
export const spread: Workload = async (arena) => {
  const capacity = Math.floor(arena.people.length / 4 / MANY_COMPETITIONS);
  await takeTurns(arena, QUICK_SIDES, async (side, round) => {
    const ids: string[] = [];
    for (let made = 0; made < MANY_COMPETITIONS; made++) ids.push(await side.open({ capacity }));
    const items = arena.people.map((user, index) => ({
      user,
      competitionId: ids[index % MANY_COMPETITIONS] ?? "",
    }));
    const trace = await drive({
      items,
      atOnce: AT_ONCE,
      forAtMostMs: turnMs(arena, round),
      ask: async (request) => (await side.register(request)).ending,
    });
    let oversold = 0;
    for (const id of ids) oversold += Math.max(0, (await side.countStored(id)) - capacity);
    const values = { ...valuesOfRush(trace), oversold };
    arena.measured({ workload: "spread", side: side.name, round, values });
  });
};

/** Every request is sent twice at the same moment, with the same key: one answer is right. */
export const twice: Workload = async (arena) => {
  const capacity = arena.people.length / 4;
  await takeTurns(arena, QUICK_SIDES, async (side, round) => {
    const competitionId = await side.open({ capacity });
    let disagreed = 0;
    const trace = await drive({
      items: arena.people.slice(0, capacity),
      atOnce: AT_ONCE / 2,
      forAtMostMs: turnMs(arena, round),
      ask: async (user: Person) => {
        const ask = () => askUntilAnswered(side, { user, competitionId, key: `key-${user.id}` });
        const [one, other] = await Promise.all([ask(), ask()]);
        if (one.ending !== other.ending || one.registrationId !== other.registrationId) disagreed++;
        return one.ending === "registered" ? one.ending : other.ending;
      },
    });
    const { seatsPerSecond = Number.NaN, p99Ms = Number.NaN } = valuesOfRush(trace);
    const values = { seatsPerSecond, p99Ms, twoAnswers: disagreed };
    arena.measured({ workload: "twice", side: side.name, round, values });
  });
};

async function askUntilAnswered(
  side: Side,
  request: { user: Person; competitionId: string; key: string },
): Promise<Answer> {
  for (;;) {
    const answer = await side.register(request);
    if (!answer.later) return answer;
    await setTimeout(COME_BACK_MS);
  }
}

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
