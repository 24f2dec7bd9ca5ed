import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import {
  cancelRegistration,
  type RegisterResult,
  register,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { confirmedSeats, createPeople, openCompetition, type Person } from "./fixtures";

/** Somebody who wants a seat, and what they were told. */
interface Member {
  user: Person;
  /** Of the request that was answered last. */
  key: string;
  seat: { id: string; seatNo: number } | null;
}

const IN_PROGRESS = ["unavailable", "request_in_progress"];

/** People who want a seat of one competition, each with what they believe: twice as many as seats. */
export class Crowd {
  answered = 0;
  readonly competitionId: string;
  capacity: number;
  private readonly members: Member[];

  private constructor(competitionId: string, capacity: number, members: Member[]) {
    this.competitionId = competitionId;
    this.capacity = capacity;
    this.members = members;
  }

  static async of({
    capacity,
    organizerId,
  }: {
    capacity: number;
    organizerId: string;
  }): Promise<Crowd> {
    const competitionId = await openCompetition({ capacity, organizerId });
    const people = await createPeople(2 * capacity);
    const members = people.map((user) => ({ user, key: randomUUID(), seat: null }));
    return new Crowd(competitionId, capacity, members);
  }

  /** Everybody without a seat asks for one at the same moment. */
  async rush(): Promise<void> {
    await Promise.all(this.without().map((member) => this.askAnew(member)));
  }

  /** People give seats back and others take them, one after the other, until it is over. */
  async churn(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const [leaver] = this.members.filter(({ seat }) => seat);
      if (leaver) await this.giveUp(leaver);
      const [comer] = this.without().filter((member) => member !== leaver);
      if (comer) await this.askAnew(comer);
      // To the back of the line, so that everybody has a turn.
      for (const member of [leaver, comer]) {
        if (member) this.members.push(...this.members.splice(this.members.indexOf(member), 1));
      }
    }
  }

  /** Everybody was told what Postgres has, and their keys get the same answer again. */
  async expectTruth(): Promise<void> {
    const seats = await confirmedSeats(this.competitionId);
    const believed = this.members.filter(({ seat }) => seat);
    expect(seats.map(({ seatNo }) => seatNo)).toEqual(
      Array.from({ length: this.capacity }, (_, index) => index + 1),
    );
    expect(
      believed
        .map(({ user, seat }) => ({ userId: user.id, id: seat?.id, seatNo: seat?.seatNo }))
        .sort((one, other) => Number(one.seatNo) - Number(other.seatNo)),
    ).toEqual(seats);
    for (const { user, key, seat } of believed) {
      const again = await this.ask(user, key);
      expect(again).toMatchObject({ status: "registered", replayed: true, body: seat });
    }
  }

  private without(): Member[] {
    return this.members.filter(({ seat }) => !seat);
  }

  private async giveUp(member: Member): Promise<void> {
    const own = { actor: member.user, competitionId: this.competitionId };
    expect(await cancelRegistration(own)).toEqual({ status: "cancelled" });
    member.seat = null;
  }

  /** Under a new key: "full" is remembered under the previous one. */
  private async askAnew(member: Member): Promise<void> {
    member.key = randomUUID();
    const result = await this.ask(member.user, member.key);
    if (result.status === "registered") {
      const { id, seatNo } = result.body;
      member.seat = { id, seatNo: seatNo ?? 0 };
    } else {
      expect(result).toEqual({ status: "competition_full" });
    }
    this.answered++;
  }

  /** Comes back when asked to, as a browser would. */
  private async ask(user: Person, idempotencyKey: string): Promise<RegisterResult> {
    for (;;) {
      const { competitionId } = this;
      const result = await register({ user, competitionId, idempotencyKey, fingerprint: "f" });
      if (!IN_PROGRESS.includes(result.status)) return result;
      await setTimeout(50 + Math.random() * 100);
    }
  }
}

/** Mail that should have left and has not, and registrations with more than one confirmation. */
export async function countMailTrouble(): Promise<{ missing: number; doubled: number }> {
  const [row] = await database().execute<{ missing: number; doubled: number }[]>(
    `select count(*) filter (where m.count = 0 and r.status = 'CONFIRMED')::int as missing,
            count(*) filter (where m.count > 1)::int as doubled
     from registration r, lateral (
       select count(*) from mail_box where dedupe_key like 'confirmation:' || r.id || '%') m`,
  );
  return row ?? { missing: -1, doubled: -1 };
}
