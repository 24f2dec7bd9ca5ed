import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import type { Attempt, Seats } from "./seat-model";
import type { State } from "./seat-state";
import { byNumber, type World } from "./seat-world";

type Step = fc.AsyncCommand<State, World>;

/** A command, and the comparison of the real thing with the model after it. */
function step(text: string, check: Step["check"], run: Step["run"]): Step {
  return {
    check,
    async run(state, world) {
      await run(state, world);
      await compare(state, world);
    },
    toString: () => text,
  };
}

const always = () => true;

const reserve = (person: string) =>
  step(`${person} asks for a seat`, always, (state, world) =>
    ask(state, world, { person, registrationId: randomUUID(), seat: 0, fate: "open" }),
  );

const askAgain = (person: string) =>
  step(
    `${person}'s request tries again`,
    (state) => !["given up", undefined].includes(state.newest(person)?.fate),
    (state, world) => ask(state, world, state.newest(person) as Attempt),
  );

async function ask(state: State, world: World, attempt: Attempt): Promise<void> {
  if (state.known === null || state.owed) state.synced();
  state.owed = false;
  const expected = state.redis.ask(attempt);
  const answer = await world.reserve(attempt);
  expect(answer.status).toBe(expected);
  if (answer.status !== "reserved" && answer.status !== "held") return;
  attempt.seat = answer.seatNo;
  if (attempt.fate === "refused") attempt.fate = "open";
  state.redis.hold(attempt);
  if (state.newest(attempt.person) === attempt) return;
  state.attempts.set(attempt.person, [...(state.attempts.get(attempt.person) ?? []), attempt]);
}

const commit = (person: string, age: number) =>
  step(
    `Postgres hears of ${person}'s ${ORDINALS[age]} request`,
    (state) => COMMITTABLE.has(state.attempts.get(person)?.at(-1 - age)?.fate ?? ""),
    async (state, world) => {
      const attempt = state.attempts.get(person)?.at(-1 - age) as Attempt;
      const verdict = state.verdict(attempt);
      expect(await world.commit(attempt)).toBe(verdict);
      if (verdict !== "committed") {
        if (attempt.fate === "open") attempt.fate = "refused";
        state.post({ kind: "release", attempt: { ...attempt, fate: "refused" } });
        return;
      }
      const { registrationId } = attempt;
      const seat = state.confirmed.get(person)?.seat ?? attempt.seat;
      attempt.fate = "committed";
      state.confirmed.set(person, { registrationId, seat });
      state.post({ kind: "confirm", attempt: { ...attempt, seat } });
    },
  );

/** Whatever else may stand behind an unanswered commit, these are sent (again). */
const COMMITTABLE = new Set<string>(["open", "committed", "cancelled"]);

const giveUp = (person: string) =>
  step(
    `${person}'s request gives up`,
    (state) => state.newest(person)?.fate === "open",
    async (state) => {
      const attempt = state.newest(person) as Attempt;
      attempt.fate = "given up";
      state.post({ kind: "release", attempt });
    },
  );

const cancel = (person: string) =>
  step(
    `${person} cancels`,
    (state) => state.confirmed.has(person),
    async (state, world) => {
      const { registrationId } = state.confirmed.get(person) ?? {};
      await world.cancelUnheard(person);
      state.confirmed.delete(person);
      for (const attempt of state.attempts.get(person) ?? []) {
        if (attempt.registrationId !== registrationId) continue;
        attempt.fate = "cancelled";
        state.post({ kind: "cancel", attempt });
      }
    },
  );

const deliver = (person: string, age: number) =>
  step(
    `Redis hears the ${ORDINALS[age]} message about ${person}`,
    (state) => (state.messages.get(person)?.length ?? 0) > age,
    async (state, world) => {
      const message = state.messages.get(person)?.at(-1 - age);
      if (!message) return;
      const { kind, attempt } = message;
      const holder = state.redis.holds.get(attempt.person)?.registrationId;
      if (state.redis[kind](attempt)) state.owed = true;
      if (kind !== "release" || holder === attempt.registrationId) state.version++;
      await world.deliver(message);
    },
  );

const resize = (capacity: number) =>
  step(`the organizer makes it ${capacity} seats`, always, async (state, world) => {
    const taken = new Set([...state.confirmed.values()].map(({ seat }) => seat));
    const answer = await world.resizeUnheard(capacity);
    expect(answer).toBe(capacity < taken.size ? "capacity_below_taken" : "saved");
    if (answer !== "saved") return;
    state.capacity = capacity;
    for (let seat = 1; state.seats.size < capacity; seat++) state.seats.add(seat);
    const free = [...state.seats].filter((seat) => !taken.has(seat)).sort(byNumber);
    while (state.seats.size > capacity) state.seats.delete(free.pop() ?? 0);
  });

const expire = step("the holds run out", always, async (state, world) => {
  await world.expireHolds();
  state.redis.late = new Set(state.redis.holds.keys());
});

const wipe = step("Redis is flushed", always, async (state, world) => {
  await world.wipe();
  state.wipe();
});

const sync = step("a sync", always, async (state, world) => {
  const { status } = await world.capacity.syncSeats({ competitionId: world.competitionId });
  expect(status).toBe("synced");
  state.owed = false;
  state.synced();
});

const beginSync = step(
  "a sync reads Postgres",
  // What Redis does not know yet is synced under the competition's lock, which would hold up all.
  (state) => state.slowSync === null && state.known !== null,
  async (state, world) => {
    const end = await world.beginSync();
    state.owed = false;
    state.slowSync = { snapshot: state.snapshot(), stamp: state.stamp(), end };
  },
);

const endSync = step(
  "that sync lands in Redis",
  (state) => state.slowSync !== null,
  async (state) => endSlowSync(state),
);

/** A sync that was overtaken reads Postgres again before it lands. */
export async function endSlowSync(state: State): Promise<void> {
  const { slowSync } = state;
  if (!slowSync) return;
  state.slowSync = null;
  await slowSync.end();
  state.synced(slowSync.stamp === state.stamp() ? slowSync.snapshot : undefined);
}

const lookForDrift = step("the sweep looks", always, async (state, world) => {
  const drift = await world.capacity.findDrift([world.competitionId]);
  if (state.known !== null) state.redis.expire();
  expect(drift?.length).toBe(state.known !== null && drifted(state) ? 1 : 0);
});

function drifted({ redis, known, capacity, seats, confirmed }: State): boolean {
  const accounted = redis.free.size + redis.holds.size + redis.confirmed.size;
  const same = JSON.stringify(plain(redis.confirmed)) === JSON.stringify(plain(confirmed));
  return !same || known !== capacity || accounted !== seats.size;
}

async function compare({ redis, known, confirmed, capacity }: State, world: World): Promise<void> {
  expect(confirmed.size).toBeLessThanOrEqual(capacity);
  const real = await world.look();
  if (known === null) return;
  expect(real).toEqual({
    free: [...redis.free].sort(byNumber),
    holds: plain(redis.holds),
    confirmed: plain(redis.confirmed),
  });
  const seats = [...redis.free, ...seatsOf(redis.holds), ...seatsOf(redis.confirmed)];
  expect(new Set(seats).size, "a seat is in two places").toBe(seats.length);
}

function plain(seats: Seats): Record<string, string> {
  const sorted = [...seats].sort(([one], [other]) => one.localeCompare(other));
  return Object.fromEntries(
    sorted.map(([name, { registrationId, seat }]) => [name, `${registrationId} ${seat}`]),
  );
}

function seatsOf(seats: Seats): number[] {
  return [...seats.values()].map(({ seat }) => seat);
}

const ORDINALS = ["newest", "second newest", "third newest"];

/** Any interleaving of what people, processes, the organizer and accidents may do. */
export function anyCommands(names: readonly string[]) {
  const person = fc.constantFrom(...names);
  const age = fc.nat({ max: 2 });
  return fc.commands(
    [
      person.map(reserve),
      person.map(askAgain),
      fc.tuple(person, age).map(([name, at]) => commit(name, at)),
      fc.tuple(person, age).map(([name, at]) => deliver(name, at)),
      person.map(giveUp),
      person.map(cancel),
      fc.integer({ min: 1, max: 4 }).map(resize),
      fc.constantFrom(expire, wipe, sync, beginSync, endSync, lookForDrift),
    ],
    { maxCommands: 40, size: "max" },
  );
}
