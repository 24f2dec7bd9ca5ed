import "../support/faults-on";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atFailpoint } from "~/platform/failpoint";
import { tryRedis } from "~/platform/redis";
import type { GuardName } from "../faults/guards";
import { importWithout } from "../faults/guards/sources";
import { closeEverything } from "../support/fixtures";
import * as capacityDoors from "../support/registration-parts";
import { anyCommands, endSlowSync } from "../support/seat-commands";
import { State } from "../support/seat-state";
import { type Capacity, World } from "../support/seat-world";

beforeAll(async () => {
  await tryRedis((client) => client.ping());
  // What a process does by itself, in the background, is a step of the model's.
  atFailpoint("see-to-line-later", () => new Promise(() => {}));
});
afterAll(closeEverything);

const PEOPLE = ["Anna", "Ben", "Cleo"];
/** They come when all is over, and must find every seat that is left. */
const LATECOMERS = ["Dora", "Emil", "Fay", "Gus"];
const CAPACITY = 2;
const WAITLIST_LIMIT = 2;
const RUNS = Number(process.env.MODEL_RUNS ?? 40);
const SEED = process.env.MODEL_SEED ? Number(process.env.MODEL_SEED) : undefined;

function followsTheModel(doors: Capacity) {
  return fc.asyncProperty(anyCommands(PEOPLE), async (commands) => {
    const state = new State(CAPACITY, WAITLIST_LIMIT);
    const names = [...PEOPLE, ...LATECOMERS];
    const limits = { capacity: CAPACITY, waitlistLimit: WAITLIST_LIMIT };
    const world = await World.open({ ...limits, names, doors });
    try {
      await fc.asyncModelRun(() => ({ model: state, real: world }), commands);
    } finally {
      await endSlowSync(state);
    }
    await everySeatCanBeHad(state, world);
  });
}

/** Nothing is under way any more: the competition fills to exactly its capacity. */
async function everySeatCanBeHad(state: State, world: World): Promise<void> {
  const { competitionId } = world;
  await world.expireHolds();
  await world.capacity.syncSeats({ competitionId });
  await world.capacity.seeToLine(competitionId);
  await world.capacity.syncSeats({ competitionId });
  const free = [...state.seats].filter(
    (seat) => ![...state.confirmed.values()].some((one) => one.seat === seat),
  );
  state.promote(free);
  expect((await world.look()).waiting).toEqual(
    Object.fromEntries([...state.waiting].map(([name, one]) => [name, placeOf(one)])),
  );
  expect(state.waiting.size === 0 || state.confirmed.size === state.capacity).toBe(true);
  let left = state.capacity - state.confirmed.size;
  for (const person of LATECOMERS) {
    const registrationId = randomUUID();
    const answer = await world.reserve({ person, registrationId });
    expect(answer.status, `${left} seats are left`).toBe(
      left > 0 ? "reserved" : "competition_full",
    );
    if (answer.status !== "reserved") continue;
    const attempt = { person, registrationId, seat: answer.seatNo, fate: "open" as const };
    expect(await world.commit(attempt)).toBe("committed");
    await world.deliver({ kind: "confirm", attempt });
    left--;
  }
}

function placeOf({ registrationId, line }: { registrationId: string; line: number }): string {
  return `${registrationId} ${line}`;
}

test("whatever happens in whatever order, Redis does what the model says", async () => {
  await fc.assert(followsTheModel(capacityDoors), { numRuns: RUNS, seed: SEED });
}, 300_000);

// A model that agrees with anything would prove nothing.
describe("the model sees a broken guard", () => {
  test("without fencing, and the counterexample is short enough to read", async () => {
    const found = await checkWithout("fencing", {});
    const steps = [...(found.counterexample?.[0] ?? [])];
    expect(steps.length).toBeLessThan(10);
    process.stdout.write(`Without fencing:\n  ${steps.join("\n  ")}\n`);
  }, 300_000);

  test("without the version", async () => {
    expect((await checkWithout("version", { endOnFailure: true })).failed).toBe(true);
  }, 300_000);
});

/** Any seed finds it, within seconds or minutes; with this one it is seconds. */
const SOON_FOUND = 4;

async function checkWithout(guard: GuardName, options: { endOnFailure?: boolean }) {
  const unguarded = await importWithout<Capacity>(guard, "tests/support/registration-parts.ts");
  return fc.check(followsTheModel(unguarded), { numRuns: 2_000, seed: SOON_FOUND, ...options });
}
