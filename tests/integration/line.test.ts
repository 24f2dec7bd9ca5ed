import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  deleteCompetition,
  editCompetition,
  type PromoteOutcome,
  promoteFromLine,
} from "~/domain/competitions/index.server";
import { deliverMail } from "~/domain/mail/index.server";
import {
  browseOwnRegistrations,
  cancelRegistration,
  composeLineClosed,
  composePromoted,
  findOwnStanding,
  listLine,
  orderClosedLineMail,
  register,
  sweepSeats,
} from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { openPool } from "../support/databases";
import { eventually } from "../support/eventually";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  type Person,
  wipeRedis,
} from "../support/fixtures";
import { expireHolds } from "../support/holds";
import { ask, mailTo, mustJoin, openFull, standings } from "../support/line";
import { driftOf, expectMended, mustRegister } from "../support/registering";
import {
  commitTogether,
  confirmSeats,
  isLineOpen,
  registerWithoutRedis,
  releaseSeat,
  reserveSeat,
  seatKeys,
  syncSeats,
} from "../support/registration-parts";
import { failAt } from "../support/stand-still";

afterAll(closeEverything);

type Promoted = Extract<PromoteOutcome, { status: "promoted" }>;

const inAnHour = () => new Date(Date.now() + 3_600_000);

describe("when no seat is left", () => {
  test("those who ask for it get a place, in the order they come, and nobody else does", async () => {
    const { competitionId, people } = await openFull();
    const [anna, ben, cleo] = people;
    expect(await mustJoin(anna, competitionId)).toMatchObject({
      replayed: false,
      body: { status: "WAITLISTED", seatNo: null, waitlist: { placeAtJoin: 1 } },
    });
    expect((await mustJoin(ben, competitionId)).body.waitlist).toEqual({ placeAtJoin: 2 });
    expect(await register({ user: cleo, competitionId })).toEqual({ status: "competition_full" });
    expect(await standings([anna, ben, cleo], competitionId)).toEqual(["place 1", "place 2", null]);
    expect(await mailTo(anna, competitionId)).toEqual(["joined"]);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("a place is kept: the same key gets the same answer, another key where its owner stands", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben] = people;
    await mustJoin(ben, competitionId);
    const first = await mustJoin(anna, competitionId, "key");
    expect(await ask(anna, competitionId, "key")).toEqual({ ...first, replayed: true });
    const place = { status: "already_waiting", place: 2, about: false };
    expect(await ask(anna, competitionId, "another")).toEqual(place);
    expect(await register({ user: anna, competitionId })).toEqual(place);

    await cancelRegistration({ actor: ben, competitionId });
    await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
    expect(await standings([anna], competitionId)).toEqual(["seat 1"]);
    expect(await ask(anna, competitionId, "key")).toEqual({ ...first, replayed: true });
    expect(await ask(anna, competitionId)).toEqual({ status: "already_registered" });
  });

  test("the line ends at its limit, and is closed at 0", async () => {
    const { competitionId, people, organizer } = await openFull({ waitlistLimit: 1 });
    const [anna, ben, cleo] = people;
    await mustJoin(anna, competitionId);
    expect(await ask(ben, competitionId)).toEqual({ status: "waitlist_full" });
    const limit = (waitlistLimit: number) =>
      editCompetition({ actor: organizer, id: competitionId, changes: { waitlistLimit } });
    await limit(0);
    expect(await ask(ben, competitionId)).toEqual({ status: "competition_full" });
    await limit(2);
    await mustJoin(cleo, competitionId);
    expect(await standings([anna, cleo], competitionId)).toEqual(["place 1", "place 2"]);
  });

  test("nobody gets a place while lines are switched off", async () => {
    const { competitionId, people } = await openFull();
    Object.assign(env(), { WAITLIST: "off" });
    try {
      expect(await ask(people[0], competitionId)).toEqual({ status: "competition_full" });
    } finally {
      Object.assign(env(), { WAITLIST: "on" });
    }
  });

  test("nobody gets a place beside a process that knows no line; in a rush through both, nobody is overtaken or lost", async () => {
    const { competitionId, people, seated } = await openFull({ capacity: 6, others: 24 });
    const [line, walkers, late] = [people.slice(0, 8), people.slice(8), await createPerson()];
    for (const user of line) await mustJoin(user, competitionId);
    const older = openPool({
      connectionString: env().DATABASE_URL,
      application_name: "mini-compete",
      max: 4,
    });
    // Its cancellation promotes nobody, and it gives any seat that is free to who comes by.
    const cancel = `update registration set status = 'CANCELLED', seat_no = null, updated_at = now()
      where competition_id = $1 and user_id = $2`;
    const register = `insert into registration
        (id, competition_id, user_id, status, seat_no, registered_at)
      select gen_random_uuid(), $1, $2, 'CONFIRMED', s.seat_no, now() from seat s
       where s.competition_id = $1 and not exists (select from registration r
         where r.competition_id = $1 and r.seat_no = s.seat_no)
       order by s.seat_no limit 1
      on conflict do nothing returning id`;
    try {
      await older.query("select 1");
      await eventually(async () => expect(await isLineOpen()).toBe(false));
      const refused = { status: "competition_full" };
      expect(await ask(late, competitionId)).toEqual(refused);
      const rush = walkers.map(async (user, at) => {
        const leaver = seated[at];
        if (leaver && at % 2 === 0) await cancelRegistration({ actor: leaver, competitionId });
        else if (leaver) await older.query(cancel, [competitionId, leaver.id]);
        const { rows } = await older.query(register, [competitionId, user.id]);
        expect(rows).toEqual([]);
        expect(await ask(user, competitionId)).toEqual(refused);
      });
      await Promise.all(rush);
    } finally {
      await older.end();
    }
    await sweepSeats();
    const places = (await standings(line, competitionId)).map((place) => place?.split(" ")[0]);
    expect(places).toEqual([...Array(6).fill("seat"), "place", "place"]);
    expect(await standings(walkers, competitionId)).toEqual(walkers.map(() => null));
    await expectMended(competitionId);
    await eventually(async () => expect(await isLineOpen()).toBe(true));
    await mustJoin(late, competitionId);
  });
});

describe("a seat that comes free goes to the first in line", () => {
  test("in the transaction that frees it, before Redis knows of it, and nobody walks in", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben, cleo] = people;
    await mustJoin(anna, competitionId);
    await mustJoin(ben, competitionId);
    let walkIn: unknown;
    const over = atFailpoint("cancel-after-commit", async () => {
      over();
      walkIn = await register({ user: cleo, competitionId });
    });
    await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
    expect(walkIn).toEqual({ status: "competition_full" });
    expect(await standings([anna, ben, cleo], competitionId)).toEqual(["seat 1", "place 1", null]);
    expect(await mailTo(anna, competitionId)).toEqual(["joined", "promoted"]);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("when the organizer adds seats: one each, in order, and the rest is for everybody", async () => {
    const { competitionId, people, organizer } = await openFull();
    const [anna, ben, cleo, dora] = people;
    for (const user of [anna, ben]) await mustJoin(user, competitionId);
    const seats = (capacity: number) =>
      editCompetition({ actor: organizer, id: competitionId, changes: { capacity } });
    // What fails after the change has committed does not make it look as if it had not.
    const over = failAt("promote-after-commit", "55P03");
    expect(await seats(2)).toMatchObject({ status: "saved" });
    over();
    expect(await standings([anna, ben], competitionId)).toEqual(["seat 2", "place 1"]);
    await seats(4);
    expect(await standings([anna, ben], competitionId)).toEqual(["seat 2", "seat 3"]);
    expect((await mustRegister(cleo, competitionId)).body.seatNo).toBe(4);
    expect(await register({ user: dora, competitionId })).toEqual({ status: "competition_full" });
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("when there are more than are given at once: in slices, in order, to everybody", async () => {
    const { competitionId, organizer } = await openFull();
    const line = (await createPeople(520)).map(({ id }) => id);
    await database().execute(
      `insert into registration (id, competition_id, user_id, status, line_no, registered_at)
       select gen_random_uuid(), ?::uuid, id::uuid, 'WAITLISTED', number, now()
         from json_array_elements_text(?::json) with ordinality as t(id, number)`,
      [competitionId, JSON.stringify(line)],
    );
    await syncSeats({ competitionId });
    const changes = { capacity: 521 };
    await editCompetition({ actor: organizer, id: competitionId, changes });
    // Who adds them waits for a moment only.
    await eventually(async () => {
      const [, ...seated] = await confirmedSeats(competitionId);
      expect(seated.map(({ userId }) => userId)).toEqual(line);
    });
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("when a hold runs out: whoever asks next sees to it", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben, cleo] = people;
    await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
    const held = { competitionId, userId: cleo.id, registrationId: randomUUID() };
    expect(await reserveSeat(held)).toMatchObject({ status: "reserved" });
    await mustJoin(anna, competitionId);
    await expireHolds(competitionId);
    expect(await register({ user: ben, competitionId })).toEqual({ status: "competition_full" });
    await eventually(async () =>
      expect(await standings([anna], competitionId)).toEqual(["seat 1"]),
    );
  });

  test("when a hold is given up, or runs out and nobody asks: the sweep sees to it", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben] = people;
    await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
    const held = { competitionId, userId: ben.id, registrationId: randomUUID() };
    await reserveSeat(held);
    await mustJoin(anna, competitionId);
    await releaseSeat(held);
    await expectMended(competitionId);
    expect(await standings([anna], competitionId)).toEqual(["seat 1"]);
  });

  test("when Redis has forgotten all of it: the sweep sees to it", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna] = people;
    await mustJoin(anna, competitionId);
    await database().execute(
      "update registration set status = 'CANCELLED', seat_no = null where user_id = ?",
      [seated[0]?.id],
    );
    await wipeRedis();
    await sweepSeats();
    expect(await standings([anna], competitionId)).toEqual(["seat 1"]);
  });
});

describe("somebody who leaves the line", () => {
  test("makes the others move up, and can only come back at the end", async () => {
    const { competitionId, people } = await openFull();
    const [anna, ben, cleo] = people;
    for (const user of [anna, ben, cleo]) await mustJoin(user, competitionId);
    expect(await cancelRegistration({ actor: anna, competitionId })).toEqual({
      status: "cancelled",
    });
    expect(await standings([ben, cleo], competitionId)).toEqual(["place 1", "place 2"]);
    await mustJoin(anna, competitionId);
    expect(await standings([ben, cleo, anna], competitionId)).toEqual([
      "place 1",
      "place 2",
      "place 3",
    ]);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("can do so after the deadline, or after the start, but not after both", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben, cleo] = people;
    for (const user of [anna, ben, cleo]) await mustJoin(user, competitionId);
    const set = (change: string) =>
      database().execute(`update competition set ${change} where id = ?`, [competitionId]);
    const leave = (actor = anna) => cancelRegistration({ actor, competitionId });
    // Late entry: who waits may still get a seat, so they may still leave.
    await set("start_date = now() - interval '1 hour'");
    expect(await leave(cleo)).toEqual({ status: "cancelled" });
    await set("start_date = null, reg_deadline = now() - interval '1 minute'");
    expect(await leave(seated[0])).toEqual({ status: "deadline_passed" });
    expect(await leave()).toEqual({ status: "cancelled" });
    await set("start_date = now() - interval '1 second'");
    expect(await leave(ben)).toEqual({ status: "deadline_passed" });
  });

  test("is committed together with others who leave at once, and seats go to the first of those who stay", async () => {
    const { competitionId, people, seated } = await openFull({ capacity: 2, others: 12 });
    for (const user of people.slice(0, 10)) await mustJoin(user, competitionId);
    const [anna, ben] = people;
    const [, , ...leaving] = people.slice(0, 8);
    const stays = people.slice(8, 10) as [Person, Person];
    let commits = 0;
    const over = atFailpoint("register-before-commit", async () => {
      commits++;
    });
    const leave = (actor: Person) => cancelRegistration({ actor, competitionId });
    const outcomes = await Promise.all([
      ...[...seated, ...leaving, anna, anna, people[10] ?? anna].map(leave),
      cancelRegistration({ actor: stays[1], competitionId, only: "seat" }),
    ]);
    over();
    const words = outcomes.map(({ status }) => status);
    expect(words.slice(0, 8)).toEqual(Array(8).fill("cancelled"));
    expect(words.slice(8, 10).sort()).toEqual(["cancelled", "not_found"]);
    expect(words.slice(10)).toEqual(["not_found", "not_found"]);
    // Ten of them have something to give up.
    expect(commits).toBeLessThan(9);
    const [first, second, third] = await standings([ben, ...stays], competitionId);
    expect([first, second].sort()).toEqual(["seat 1", "seat 2"]);
    expect(third).toBe("place 1");
    expect(await mailTo(ben, competitionId)).toEqual(["joined", "promoted"]);
    expect(await driftOf([competitionId])).toEqual([]);
  });
});

test("leaving the line does not give up a seat that came meanwhile, nor the other way round", async () => {
  const { competitionId, people, seated } = await openFull();
  const [anna, ben] = people;
  for (const user of [anna, ben]) await mustJoin(user, competitionId);
  await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
  const nothing = { status: "not_found" };
  expect(await cancelRegistration({ actor: anna, competitionId, only: "place" })).toEqual(nothing);
  expect(await cancelRegistration({ actor: ben, competitionId, only: "seat" })).toEqual(nothing);
  expect(await standings([anna, ben], competitionId)).toEqual(["seat 1", "place 1"]);
});

describe("lists", () => {
  test("show the line to its organizer, in order, a page at a time, and find people in it", async () => {
    const { competitionId, people, organizer } = await openFull();
    for (const user of people) await mustJoin(user, competitionId);
    await cancelRegistration({ actor: people[1], competitionId });
    const asked = { actor: organizer, competitionId, limit: 2 };
    const first = await listLine(asked);
    const rest = await listLine({ ...asked, after: first?.at(-1) });
    const line = [...(first ?? []), ...(rest ?? [])];
    const inOrder = [people[0], people[2], people[3]];
    expect(line.map(({ place, user }) => [place, user.id])).toEqual(
      inOrder.map(({ id }, index) => [index + 1, id]),
    );
    // A search says where people stand among all.
    expect(await listLine({ ...asked, q: people[3].email })).toEqual([line[2]]);
    expect(await listLine({ ...asked, actor: people[0] })).toBeNull();
  });

  test("of one's own registrations have seats and places", async () => {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben] = people;
    for (const user of [anna, ben]) await mustJoin(user, competitionId);
    const own = async (actor: Person) => {
      const { items, total } = await browseOwnRegistrations({ actor, page: 1, perPage: 9 });
      return [total, ...items.map(({ seatNo, place, off }) => seatNo ?? place ?? off)];
    };
    const [first] = seated;
    expect(await own(first ?? anna)).toEqual([1, 1]);
    expect(await own(ben)).toEqual([1, "2nd"]);
    await cancelRegistration({ actor: ben, competitionId });
    expect(await own(ben)).toEqual([1, "left the line"]);
  });
});

describe("the deadline", () => {
  test("ends the promotions and tells those in line once; a later one starts them again", async () => {
    const { competitionId, people, seated, organizer } = await openFull({ capacity: 2 });
    const [anna, ben, cleo] = people;
    const line = [anna, ben, cleo];
    for (const user of line) await mustJoin(user, competitionId);
    const deadline = (regDeadline: Date) =>
      editCompetition({ actor: organizer, id: competitionId, changes: { regDeadline } });
    await deadline(new Date(Date.now() - 1_000));
    expect(await ask(anna, competitionId)).toMatchObject({ status: "already_waiting", place: 1 });
    await database().execute(
      "update registration set status = 'CANCELLED', seat_no = null where user_id = ?",
      [seated[0]?.id],
    );
    const change = { actor: organizer, id: competitionId, changes: { capacity: 3 } };
    expect(await editCompetition(change)).toMatchObject({ status: "saved" });
    await expectMended(competitionId);
    expect((await orderClosedLineMail()).ordered).toBeGreaterThanOrEqual(2);
    expect(await orderClosedLineMail()).toEqual({ ordered: 0 });
    expect(await standings(line, competitionId)).toEqual(["place 1", "place 2", "place 3"]);
    expect(await mailTo(ben, competitionId)).toEqual(["joined", "line_closed"]);

    // In the transaction that moves it: whoever saw the edit sees who got the seats.
    let seen: unknown;
    const over = atFailpoint("edit-after-commit", async () => {
      over();
      seen = await standings(line, competitionId);
    });
    const regDeadline = inAnHour();
    // This process' clock is two hours behind: it is the database's that counts.
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() - 2 * 3_600_000);
    await deadline(regDeadline).finally(() => clock.mockRestore());
    expect(seen).toMatchObject(["seat 1", "seat 3", expect.stringContaining("place")]);
    expect(await standings(line, competitionId)).toEqual(["seat 1", "seat 3", "place 1"]);
    expect(await driftOf([competitionId])).toEqual([]);

    // The mail of the first closing comes when it is open again: of that nobody hears, and of the next one everybody.
    expect(await deliverClosed(cleo)).toEqual({ status: "nothing_to_send" });
    expect(await mailTo(cleo, competitionId)).toEqual(["joined"]);
    await deadline(new Date(Date.now() - 3 * 24 * 3_600_000));
    expect((await orderClosedLineMail()).ordered).toBeGreaterThanOrEqual(1);
    expect(await deliverClosed(cleo)).toEqual({ status: "delivered" });
    expect(await orderClosedLineMail()).toEqual({ ordered: 0 });
  });

  test("leaves it to the organizer who gets a seat, which nobody can give back then", async () => {
    const { competitionId, people, organizer: actor } = await openFull();
    const [anna] = people;
    await mustJoin(anna, competitionId);
    const changes = { capacity: 2, regDeadline: new Date(Date.now() - 1_000) };
    await editCompetition({ actor, id: competitionId, changes });
    const asked = { actor, id: competitionId, count: 1 };
    const { people: got = [] } = { ...(await promoteFromLine(asked)) } as Partial<Promoted>;
    expect(got).toMatchObject([{ seatNo: 2, user: { id: anna.id } }]);
    const mail = await composePromoted({ registrationId: got[0]?.id });
    expect(mail?.text).toContain("it is yours.\n");
    expect(mail?.text).not.toMatch(/give .* back/);
    expect(await cancelRegistration({ actor: anna, competitionId })).toEqual({
      status: "deadline_passed",
    });
  });

  test("those who wait are told of a deletion, too", async () => {
    const { competitionId, people, organizer } = await openFull();
    await mustJoin(people[0], competitionId);
    await deleteCompetition({ actor: organizer, id: competitionId });
    expect(await mailTo(people[0], competitionId)).toEqual(["joined", "competition_deleted"]);
    const actor = people[0];
    expect(await findOwnStanding({ actor, competitionId })).toBeNull();
  });
});

/** Delivers the mail that registration has closed. */
async function deliverClosed({ id }: Person) {
  const [row] = await database().execute<{ id: string }[]>(
    `select o.id::text from outbox o join registration r on o.dedupe_key = 'line-closed:' || r.id
      where r.user_id = ?`,
    [id],
  );
  const composers = { "registration.line_closed": composeLineClosed };
  return deliverMail({ outboxId: row?.id ?? "0", jobId: "a-job", composers });
}

describe("the order of the line outlives", () => {
  test("a Redis that has forgotten it", async () => {
    const { competitionId, people } = await openFull();
    const [anna, ben, cleo] = people;
    for (const user of [anna, ben]) await mustJoin(user, competitionId);
    await wipeRedis();
    expect((await mustJoin(cleo, competitionId)).body.waitlist).toEqual({ placeAtJoin: 3 });
    expect(await standings([anna, ben, cleo], competitionId)).toEqual([
      "place 1",
      "place 2",
      "place 3",
    ]);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("a process without Redis: those who join there come after all who have joined, and before all who join later", async () => {
    const { competitionId, people } = await openFull();
    const [anna, ben, cleo, dora] = people;
    await mustJoin(anna, competitionId);
    const attempt = { user: ben, competitionId, registrationId: randomUUID() };
    expect(await registerWithoutRedis(attempt)).toEqual({ status: "competition_full" });
    expect(await registerWithoutRedis({ ...attempt, wantsLine: true })).toMatchObject({
      status: "waiting",
      body: { waitlist: { placeAtJoin: 2 } },
    });
    await mustJoin(cleo, competitionId);
    expect(await standings([anna, ben, cleo], competitionId)).toEqual([
      "place 1",
      "place 2",
      "place 3",
    ]);
    const again = { ...attempt, registrationId: randomUUID(), wantsLine: true };
    expect(await registerWithoutRedis(again)).toMatchObject({
      status: "already_waiting",
      place: 2,
    });
    const walkIn = { user: dora, competitionId, registrationId: randomUUID() };
    expect(await registerWithoutRedis(walkIn)).toEqual({ status: "competition_full" });
    expect(await driftOf([competitionId])).toEqual([]);
  });
});

describe("a place whose request stalls", () => {
  /** Anna decides and stalls; Ben, who comes after her, joins. */
  async function annaStalls() {
    const { competitionId, people } = await openFull();
    const [anna, ben] = people;
    const request = { competitionId, userId: anna.id, registrationId: randomUUID() };
    const place = await reserveSeat({ ...request, wantsLine: true });
    if (place.status !== "queued") throw new Error(`expected a place, got ${place.status}`);
    await mustJoin(ben, competitionId);
    const { status: _, ...held } = place;
    return { competitionId, anna, ben, held: { ...request, user: anna, ...held } };
  }

  test("serves the person's next request", async () => {
    const { competitionId, anna, ben } = await annaStalls();
    expect(await ask(anna, competitionId)).toMatchObject({ status: "request_in_progress" });
    await expireHolds(competitionId);
    expect((await mustJoin(anna, competitionId)).body.waitlist).toEqual({ placeAtJoin: 1 });
    expect(await standings([anna, ben], competitionId)).toEqual(["place 1", "place 2"]);
  });

  test("is dropped by a sync, and can then no longer be committed", async () => {
    const { competitionId, anna, ben, held } = await annaStalls();
    await expireHolds(competitionId);
    await syncSeats({ competitionId });
    expect(await standings([ben], competitionId)).toEqual(["place 1"]);
    expect(await commitTogether([held])).toEqual([{ status: "seat_taken" }]);
    await mustJoin(anna, competitionId);
    expect(await standings([anna, ben], competitionId)).toEqual(["place 2", "place 1"]);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("is told to another request of theirs when only its confirmation is late", async () => {
    const { competitionId, anna, held } = await annaStalls();
    await commitTogether([held]);
    const waits = { status: "already_waiting", place: 1, about: true };
    expect(await ask(anna, competitionId)).toEqual(waits);
  });

  test("is promoted like any other when only its confirmation is late", async () => {
    const { competitionId, anna, ben, held } = await annaStalls();
    expect(await commitTogether([held])).toMatchObject([{ status: "committed" }]);
    const [seat] = await confirmedSeats(competitionId);
    await cancelRegistration({ actor: await personOf(seat?.userId), competitionId });
    expect(await standings([anna, ben], competitionId)).toEqual(["seat 1", "place 1"]);
    const { userId, registrationId, lineNo } = held;
    await confirmSeats({
      competitionId,
      seats: [{ userId, registrationId, seatNo: null, lineNo }],
    });
    const known = await redis().hget(seatKeys(competitionId).confirmed, anna.id);
    expect(known).toBe(`${registrationId} 1`);
    expect(await driftOf([competitionId])).toEqual([]);
  });
});

async function personOf(id: string | undefined) {
  const person = await createPerson();
  return { ...person, id: id ?? person.id };
}
