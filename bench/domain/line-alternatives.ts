import { takeTurns, turnMs, type Workload } from "../arena.ts";
import { AT_ONCE } from "../measure.ts";
import { drive, valuesOfStream } from "../trace.ts";
import { LINE_SIDES } from "./sides/line-sql.ts";

/** How many of those who leave ask at once. */
const LEAVE_AT_ONCE = 10;

/** People join a line, 200 at once; then those at its head leave. */
export const lineAlternatives: Workload = async (arena) => {
  const [owner, ...others] = arena.people;
  if (!owner) throw new Error("nobody was invited");
  const people = others.slice(0, arena.quick ? 1_000 : 5_000);
  await takeTurns(arena, LINE_SIDES, async (side, round) => {
    const competitionId = await side.open(owner);
    const forAtMostMs = turnMs(arena, round) / 2;
    const joined = await drive({
      items: people,
      atOnce: AT_ONCE,
      forAtMostMs,
      ask: async (user) => ((await side.join({ competitionId, user })) ? "ok" : "other"),
    });
    const left = await drive({
      items: people.slice(0, Math.min(500, joined.requests.length / 2)),
      atOnce: LEAVE_AT_ONCE,
      forAtMostMs,
      ask: async (user) => ((await side.leave({ competitionId, user })) ? "ok" : "other"),
    });
    const { perSecond: joinsPerSecond, p99Ms: joinP99Ms } = valuesOfStream(joined);
    const { perSecond: leavesPerSecond, p99Ms: leaveP99Ms } = valuesOfStream(left);
    const requests = [...joined.requests, ...left.requests];
    const failures = requests.filter(({ ending }) => ending === "other").length;
    const values = { joinsPerSecond, joinP99Ms, leavesPerSecond, leaveP99Ms, failures };
    arena.measured({ workload: "line-alternatives", side: side.name, round, values });
  });
};
