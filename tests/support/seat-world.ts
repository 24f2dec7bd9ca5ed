import { expect } from "vitest";
import { editCompetition } from "~/domain/competitions/index.server";
import { commitTogether } from "~/domain/registration/commit";
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
    names,
    doors,
  }: {
    capacity: number;
    names: readonly string[];
    doors: Capacity;
  }): Promise<World> {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ capacity, organizerId: organizer.id });
    const people = await createPeople(names.length);
    const named = names.map((name, index) => [name, people[index] as Person] as const);
    return new World(doors, competitionId, organizer, new Map(named));
  }

  person(name: string): Person {
    const person = this.people.get(name);
    if (!person) throw new Error(`nobody is called ${name}`);
    return person;
  }

  reserve({ person, registrationId }: { person: string; registrationId: string }) {
    const { competitionId } = this;
    return this.capacity.reserveSeat({
      competitionId,
      userId: this.person(person).id,
      registrationId,
    });
  }

  async commit({ person, registrationId, seat }: Attempt) {
    const { competitionId } = this;
    const held: HeldRegistration = {
      registrationId,
      competitionId,
      user: this.person(person),
      seatNo: seat,
      reservedAt: new Date(),
    };
    const [outcome] = await commitTogether([held]);
    return outcome?.status;
  }

  async deliver({ kind, attempt }: Message): Promise<void> {
    const { competitionId } = this;
    const userId = this.person(attempt.person).id;
    const { registrationId, seat: seatNo } = attempt;
    const who = { competitionId, userId, registrationId };
    if (kind === "cancel") await this.capacity.cancelSeat(who);
    if (kind === "release") {
      await this.capacity.releaseSeat({ ...who, seatRefused: attempt.fate === "refused" });
    }
    if (kind === "confirm") {
      const seats = [{ userId, registrationId, seatNo }];
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
    const { meta, free, attempts, confirmed } = seatKeys(this.competitionId);
    const [free_, range, holds, confirmed_] = await Promise.all([
      redis().zrange(free, 0, -1),
      redis().hmget(meta, "next", "last"),
      redis().hgetall(attempts),
      redis().hgetall(confirmed),
    ]);
    const seats = free_.map(Number);
    for (let seat = Number(range[0]); seat <= Number(range[1] ?? -1); seat++) seats.push(seat);
    return {
      free: seats.sort(byNumber),
      holds: this.byName(holds),
      confirmed: this.byName(confirmed_),
    };
  }

  private byName(entries: Record<string, string>): Record<string, string> {
    const names = new Map([...this.people].map(([name, { id }]) => [id, name]));
    return Object.fromEntries(
      Object.entries(entries).map(([id, value]) => [names.get(id) ?? id, value]),
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
