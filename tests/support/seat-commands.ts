import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import type { Attempt, Line, Seats } from "./seat-model";
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

const reserveOrJoin = (person: string) =>
  step(`${person} asks for a seat, or a place in line`, always, (state, world) => {
    const asked = { person, registrationId: randomUUID(), wantsLine: true };
    return ask(state, world, { ...asked, seat: 0, fate: "open" });
  });

const askAgain = (person: string) =>
  step(
    `${person}'s request tries again`,
    (state) => !["given up", undefined].includes(state.newest(person)?.fate),
    (state, world) => ask(state, world, state.newest(person) as Attempt),
  );

/** Requests of one moment share a call, which decides about one after the other. */
const askTogether = (asking: [person: string, wantsLine: boolean][]) =>
  step(
    `${asking.map(([person, waits]) => person + (waits ? " (or a place)" : "")).join(", ")} ask at once`,
    always,
    (state, world) =>
      ask(
        state,
        world,
        ...asking.map(([person, wantsLine]): Attempt => {
          return { person, registrationId: randomUUID(), wantsLine, seat: 0, fate: "open" };
        }),
      ),
  );

async function ask(state: State, world: World, ...attempts: Attempt[]): Promise<void> {
  if (state.known === null || state.owed) state.synced();
  state.owed = false;
  const answers = await Promise.all(attempts.map((attempt) => world.reserve(attempt)));
  for (const [index, answer] of answers.entries()) hear(state, attempts[index] as Attempt, answer);
}

type Answer = Awaited<ReturnType<World["reserve"]>>;

function hear(state: State, attempt: Attempt, answer: Answer): void {
  const expected = state.redis.ask(attempt);
  const line = state.redis.joins.get(attempt.person)?.line ?? state.redis.issued + 1;
  expect(answer.status).toBe(expected);
  if (answer.status === "queued") {
    expect(answer.lineNo).toBe(line);
    Object.assign(attempt, { seat: null, line });
    state.redis.join(attempt);
    const ahead = [...state.redis.queue.values()].filter((number) => number <= line);
    expect(answer.placeAtJoin).toBe(ahead.length);
  } else if (answer.status === "reserved" || answer.status === "held") {
    if (answer.status === "held") expect(answer.issued).toBe(attempt.issued);
    attempt.seat = answer.seatNo;
    attempt.issued = answer.issued;
    state.redis.hold(attempt);
  } else return;
  Object.assign(attempt, { epoch: answer.epoch, era: state.era });
  if (attempt.fate === "refused") attempt.fate = "open";
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
      const { registrationId, seat, line = 0 } = attempt;
      attempt.fate = "committed";
      if (seat === null) {
        // Who was promoted since stays so, and so does who waits.
        if (!state.confirmed.has(person) && !state.waiting.has(person)) {
          state.waiting.set(person, { registrationId, line });
          state.numbers.add(line);
        }
        state.post({ kind: "confirm", attempt });
        return;
      }
      const own = state.confirmed.get(person)?.seat ?? seat;
      state.confirmed.set(person, { registrationId, seat: own });
      state.post({ kind: "confirm", attempt: { ...attempt, seat: own } });
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
    (state) => state.confirmed.has(person) || state.waiting.has(person),
    async (state, world) => {
      const { seat } = state.confirmed.get(person) ?? {};
      const { registrationId } = state.confirmed.get(person) ?? state.waiting.get(person) ?? {};
      await world.cancelUnheard(person);
      state.confirmed.delete(person);
      state.waiting.delete(person);
      const promoted = seat === undefined ? [] : state.promote([seat]);
      for (const attempt of state.attempts.get(person) ?? []) {
        if (attempt.registrationId !== registrationId) continue;
        attempt.fate = "cancelled";
        state.post({ kind: "cancel", attempt, promoted });
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
      const { kind, attempt, promoted = [] } = message;
      const { holds, joins } = state.redis;
      const holder = holds.get(person)?.registrationId ?? joins.get(person)?.registrationId;
      const isStale =
        kind === "cancel" ? state.redis.settle(attempt, promoted) : state.redis[kind](attempt);
      if (isStale) state.owed = true;
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
    const added: number[] = [];
    for (let seat = 1; state.seats.size < capacity; seat++) {
      if (!state.seats.has(seat)) added.push(seat);
      state.seats.add(seat);
    }
    state.promote(added);
    const free = [...state.seats].filter((seat) => !taken.has(seat)).sort(byNumber);
    while (state.seats.size > capacity) state.seats.delete(free.pop() ?? 0);
  });

const expire = step("the holds run out", always, async (state, world) => {
  await world.expireHolds();
  state.redis.late = new Set(state.redis.holds.keys());
  state.redis.lateJoins = new Set(state.redis.joins.keys());
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
  // So is what drops late joins.
  ({ slowSync, known, redis }) => !slowSync && known !== null && redis.lateJoins.size === 0,
  async (state, world) => {
    const end = await world.beginSync();
    const { owing } = state;
    state.slowSync = { snapshot: state.snapshot(), stamp: state.stamp(), owing, end };
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
  if (state.owing === slowSync.owing) state.owed = false;
}

const lookForDrift = step("the sweep looks", always, async (state, world) => {
  const drift = await world.capacity.findDrift([world.competitionId]);
  if (state.known !== null) state.redis.expire();
  expect(drift?.length).toBe(state.known !== null && drifted(state) ? 1 : 0);
});

/** Whoever hears that seats are owed, or places ran out, sees to it; so does the sweep. */
const seeToLine = step(
  "somebody sees to the line",
  // A sync that has begun may hold the lock.
  (state) => state.slowSync === null,
  async (state, world) => {
    await world.capacity.seeToLine(world.competitionId);
    if (state.known !== null) state.redis.expire();
    for (let slices = 0; ; slices++) {
      const owed = [...state.redis.owed].sort(byNumber);
      if (owed.length === 0 && slices > 0) return;
      const promoted = state.promote(owed);
      for (const one of promoted) if (!state.redis.promote(one)) state.owed = true;
      if (promoted.length > 0) {
        state.redis.endLine();
        state.version++;
      }
      if (promoted.length < owed.length || owed.length === 0) break;
    }
    state.owed = false;
    state.synced();
  },
);

const decideWithoutRedis = (person: string, wantsLine: boolean) =>
  step(
    `${person} is answered without Redis${wantsLine ? ", and would wait" : ""}`,
    (state) => state.slowSync === null,
    async (state, world) => {
      const registrationId = randomUUID();
      const attempt: Attempt = { person, registrationId, wantsLine, seat: 0, fate: "open" };
      const answer = await world.decideWithoutRedis(attempt);
      const taken = new Set([...state.confirmed.values()].map(({ seat }) => seat));
      const [free] = [...state.seats].filter((seat) => !taken.has(seat)).sort(byNumber);
      if (state.confirmed.has(person)) expect(answer.status).toBe("already_registered");
      else if (state.waiting.has(person)) expect(answer.status).toBe("already_waiting");
      else if (free !== undefined && state.waiting.size === 0) {
        expect(answer).toMatchObject({ status: "registered", body: { seatNo: free } });
        state.confirmed.set(person, { registrationId, seat: free });
        state.owed = true;
        remember(state, { ...attempt, seat: free, fate: "committed" });
      } else if (wantsLine && state.waiting.size < state.limit) {
        expect(answer.status).toBe("waiting");
        const line = Math.max(state.lineBase, state.lastInLine()) + 4_096;
        state.waiting.set(person, { registrationId, line });
        state.numbers.add(line);
        state.lineBase = line;
        state.owed = true;
        remember(state, { ...attempt, seat: null, line, fate: "committed" });
      } else expect(answer.status).toBe(wantsLine ? "waitlist_full" : "competition_full");
    },
  );

function remember(state: State, attempt: Attempt): void {
  const { person } = attempt;
  state.attempts.set(person, [...(state.attempts.get(person) ?? []), attempt]);
}

function drifted({ redis, known, capacity, seats, confirmed, waiting }: State): boolean {
  const accounted = redis.free.size + redis.owed.size + redis.holds.size + redis.confirmed.size;
  const same =
    JSON.stringify(plain(redis.confirmed)) === JSON.stringify(plain(confirmed)) &&
    JSON.stringify(plain(redis.waiting)) === JSON.stringify(plain(waiting));
  const isLate = redis.lateJoins.size > 0;
  return !same || known !== capacity || accounted !== seats.size || isLate;
}

async function compare({ redis, known, confirmed, capacity }: State, world: World): Promise<void> {
  expect(confirmed.size).toBeLessThanOrEqual(capacity);
  const real = await world.look();
  if (known === null) return;
  expect(real).toEqual({
    free: [...redis.free].sort(byNumber),
    owed: [...redis.owed].sort(byNumber),
    attempts: { ...plain(redis.holds), ...plain(redis.joins, "w") },
    confirmed: plain(redis.confirmed),
    queue: Object.fromEntries([...redis.queue].map(([name, number]) => [name, `${number}`])),
    waiting: plain(redis.waiting),
  });
  if (redis.queue.size > 0) expect(redis.free.size, "free, while somebody waits").toBe(0);
  const free = [...redis.free, ...redis.owed];
  const seats = [...free, ...seatsOf(redis.holds), ...seatsOf(redis.confirmed)];
  expect(new Set(seats).size, "a seat is in two places").toBe(seats.length);
}

/** As Redis writes it: a place in line that is not committed yet is marked. */
function plain(all: Seats | Line, mark = ""): Record<string, string> {
  const sorted = [...all].sort(([one], [other]) => one.localeCompare(other));
  return Object.fromEntries(
    sorted.map(([name, one]) => {
      const number = "seat" in one ? one.seat : `${mark}${one.line}`;
      return [name, `${one.registrationId} ${number}`];
    }),
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
      person.map(reserveOrJoin),
      fc.array(fc.tuple(person, fc.boolean()), { minLength: 2, maxLength: 4 }).map(askTogether),
      fc.tuple(person, fc.boolean()).map(([name, waits]) => decideWithoutRedis(name, waits)),
      person.map(askAgain),
      fc.tuple(person, age).map(([name, at]) => commit(name, at)),
      fc.tuple(person, age).map(([name, at]) => deliver(name, at)),
      person.map(giveUp),
      person.map(cancel),
      fc.integer({ min: 1, max: 4 }).map(resize),
      fc.constantFrom(expire, wipe, sync, beginSync, endSync, lookForDrift, seeToLine),
    ],
    { maxCommands: 40, size: "max" },
  );
}
