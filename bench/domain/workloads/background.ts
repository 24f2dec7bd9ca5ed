import { sweepSeats } from "~/domain/registration/index.server";
import { writeReminders } from "~/domain/reminders/index.server";
import { takeTurns, type Workload } from "../arena";
import { fill, hydrate } from "../fill";
import { withPeak } from "../peak";

/** A day's reminders of some registrations, and of ten times as many. */
export const reminders: Workload = async (arena) => {
  const seats = arena.quick ? 1_000 : 5_000;
  await takeTurns(arena, points(2 * seats, 20 * seats), async ({ point }, round) => {
    await fill({ competitions: point / seats, seats, taken: seats });
    const { result, tookMs, values } = await withPeak(() => writeReminders());
    if (result.written !== point) throw new Error(`${result.written} reminders of ${point}`);
    const microsEach = (tookMs * 1_000) / point;
    arena.measured({
      workload: "reminders",
      side: "product",
      point,
      round,
      values: { seconds: tookMs / 1_000, microsEach, ...values },
    });
  });
};

/** A sweep of competitions that all have just changed, and of ten times as many. */
export const sweep: Workload = async (arena) => {
  await takeTurns(arena, points(100, 1_000), async ({ point }, round) => {
    await hydrate(await fill({ competitions: point, seats: 50, taken: 25 }));
    const { result, tookMs, values } = await withPeak(sweepSeats);
    if (result.looked !== point || result.repaired > 0) {
      throw new Error(`looked at ${result.looked} of ${point}, repaired ${result.repaired}`);
    }
    arena.measured({
      workload: "sweep",
      side: "product",
      point,
      round,
      values: { seconds: tookMs / 1_000, microsEach: (tookMs * 1_000) / point, ...values },
    });
  });
};

function points(...all: number[]) {
  return all.map((point) => ({ name: String(point), point }));
}
