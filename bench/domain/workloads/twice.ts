import { setTimeout } from "node:timers/promises";
import type { Person } from "../../../tests/support/fixtures";
import { drive } from "../../drive";
import { valuesOfRush } from "../../trace-values";
import { AT_ONCE, takeTurns, turnMs, type Workload } from "../arena";
import { QUICK_SIDES } from "../sides";
import type { Answer, Side } from "../sides/side";

/** Told "still in progress", people come back after this long, milliseconds. */
const COME_BACK_MS = 25;

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
