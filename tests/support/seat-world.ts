import { expect } from "vitest";
import { editCompetition } from "~/domain/competitions/index.server";
import { cancelRegistration } from "~/domain/registration/index.server";
import type { HeldRegistration } from "~/domain/registration/outcome";
import { seatKeys } from "~/domain/registration/seats/redis";
import { atFailpoint } from "~/platform/failpoint";
import { redis } from "~/platform/redis";
import { createPeople, createPerson, openCompetition, type Person } from "./fixtures";
import { expireHolds } from "./holds";
import type { Attempt } from "./seat-model";
import type { Message } from "./seat-state";

export type Capacity = typeof import("./registration-parts");

/** The real thing: one competition, with the doors that the commands knock at. */
export class World {
  readonly capacity: Capacity;
  readonly competitionId: string;
  private readonly organizer: Person;
  private readonly people: Map<string, Person>;

  private constructor(
    capacity: Capacity,
    competitionId: string,
    organizer: Person,
    people: Map<string, Person>,
  ) {
    this.capacity = capacity;
    this.competitionId = competitionId;
    this.organizer = organizer;
    this.people = people;
  }

  static async open({
    capacity,
    waitlistLimit,
    names,
    doors,
  }: {
    capacity: number;
    waitlistLimit: number;
    names: readonly string[];
    doors: Capacity;
  }): Promise<World> {
    const organizer = await createPerson("ORGANIZER");
    const organizerId = organizer.id;
    const competitionId = await openCompetition({ capacity, waitlistLimit, organizerId });
    const people = await createPeople(names.length);
    const named = names.map((name, index) => [name, people[index] as Person] as const);
    return new World(doors, competitionId, organizer, new Map(named));
  }

  person(name: string): Person {
    const person = this.people.get(name);
    if (!person) throw new Error(`nobody is called ${name}`);
    return person;
  }

  reserve(asked: Pick<Attempt, "person" | "registrationId" | "wantsLine">) {
    const { competitionId } = this;
    const { person, registrationId, wantsLine } = asked;
    return this.capacity.reserveSeat({
      competitionId,
      userId: this.person(person).id,
      registrationId,
      wantsLine,
    });
  }

  async commit({ person, registrationId, seat, line = 0, issued = 0, epoch }: Attempt) {
    const { competitionId } = this;
    const user = this.person(person);
    const request = { registrationId, competitionId, user, reservedAt: new Date(), epoch };
    const held: HeldRegistration =
      seat === null
        ? { ...request, seatNo: null, lineNo: line, placeAtJoin: 1 }
        : { ...request, seatNo: seat, issued };
    const [outcome] = await this.capacity.commitTogether([held]);
    return outcome?.status;
  }

  /** Decides in Postgres alone; the process dies before it can tell Redis. */
  async decideWithoutRedis({ person, registrationId, wantsLine }: Attempt) {
    const { competitionId } = this;
    const user = this.person(person);
    const result = await this.capacity.decideWithoutRedis({
      ...{ competitionId, user, registrationId, wantsLine },
    });
    return "status" in result ? result : { status: result.again };
  }

  async deliver({ kind, attempt, promoted = [] }: Message): Promise<void> {
    const { competitionId } = this;
    const userId = this.person(attempt.person).id;
    const { registrationId, seat: seatNo, line: lineNo } = attempt;
    const who = { competitionId, userId, registrationId };
    if (kind === "cancel") {
      const left = [{ userId, registrationId }];
      const got = promoted.map((one) => ({
        userId: this.person(one.person).id,
        registrationId: one.registrationId,
        seatNo: one.seat,
      }));
      await this.capacity.settleSeats({ competitionId, left, promoted: got });
    }
    if (kind === "release") {
      await this.capacity.releaseSeat({ ...who, seatRefused: attempt.fate === "refused" });
    }
    if (kind === "confirm") {
      const seats = [{ userId, registrationId, seatNo, lineNo }];
      await this.capacity.confirmSeats({ competitionId, seats });
    }
  }

  /** Cancels in Postgres; the process dies before it can tell Redis. */
  cancelUnheard(name: string): Promise<void> {
    const { competitionId } = this;
    const own = { competitionId, actor: this.person(name) };
    return diesAt("cancel-after-commit", () => cancelRegistration(own));
  }

  /** Changes the capacity in Postgres; the process dies before it can tell Redis. */
  async resizeUnheard(capacity: number): Promise<string> {
    const { competitionId: id, organizer: actor } = this;
    let answer = "saved";
    const edit = async () => {
      answer = (await editCompetition({ actor, id, changes: { capacity } })).status;
    };
    if (answer === "saved") await diesAt("edit-after-commit", edit, { perhaps: true });
    return answer;
  }

  /** Starts a sync and stops it between its snapshot and its landing. */
  async beginSync(): Promise<() => Promise<void>> {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let stalled = () => {};
    const stalling = new Promise<void>((resolve) => {
      stalled = resolve;
    });
    const goOn = atFailpoint("sync-after-snapshot", () => {
      goOn();
      stalled();
      return released;
    });
    const sync = this.capacity.syncSeats({ competitionId: this.competitionId });
    await stalling;
    return async () => {
      release();
      expect((await sync).status).toBe("synced");
    };
  }

  expireHolds(): Promise<void> {
    return expireHolds(this.competitionId);
  }

  async wipe(): Promise<void> {
    await redis().unlink(...Object.values(seatKeys(this.competitionId)));
  }

  /** Redis' own picture, by people's names. */
  async look() {
    const keys = seatKeys(this.competitionId);
    const [free, range, attempts, confirmed, owed, queue, waiting] = await Promise.all([
      redis().zrange(keys.free, 0, -1),
      redis().hmget(keys.meta, "next", "last"),
      redis().hgetall(keys.attempts),
      redis().hgetall(keys.confirmed),
      redis().zrange(keys.owed, 0, -1),
      redis().zrange(keys.queue, 0, -1, "WITHSCORES"),
      redis().hgetall(keys.waiting),
    ]);
    const seats = free.map(Number);
    for (let seat = Number(range[0]); seat <= Number(range[1] ?? -1); seat++) seats.push(seat);
    const numbers = queue.flatMap((id, at) => (at % 2 === 0 ? [[id, String(queue[at + 1])]] : []));
    return {
      free: seats.sort(byNumber),
      owed: owed.map(Number).sort(byNumber),
      // Without what a hold has seen of the line.
      attempts: this.byName(attempts, (text) => text.split(" ").slice(0, 2).join(" ")),
      confirmed: this.byName(confirmed),
      queue: this.byName(Object.fromEntries(numbers)),
      waiting: this.byName(waiting),
    };
  }

  private byName(
    entries: Record<string, string>,
    shown: (value: string) => string = (value) => value,
  ): Record<string, string> {
    const names = new Map([...this.people].map(([name, { id }]) => [id, name]));
    return Object.fromEntries(
      Object.entries(entries).map(([id, value]) => [names.get(id) ?? id, shown(value)]),
    );
  }
}

export const byNumber = (one: number, other: number) => one - other;

/** Runs `work`, which a failpoint stops as a crash would; what it did until then stands. */
async function diesAt(
  name: string,
  work: () => Promise<unknown>,
  { perhaps = false } = {},
): Promise<void> {
  const death = new Error(`died at ${name}`);
  const live = atFailpoint(name, () => Promise.reject(death));
  try {
    await work();
    if (!perhaps) throw new Error(`did not pass ${name}`);
  } catch (error) {
    if (error !== death) throw error;
  } finally {
    live();
  }
}
