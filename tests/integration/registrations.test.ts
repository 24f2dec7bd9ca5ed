import { afterAll, describe, expect, test } from "vitest";
import {
  cancelRegistration,
  findRegistration,
  listOwnRegistrations,
  listParticipants,
  register,
  syncSeats,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { loader as downloadFile } from "~/routes/competitions_.$id_.participants[.csv]/route";
import { signIn } from "~/web/sessions";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  wipeRedis,
} from "../support/fixtures";
import {
  confirmations,
  count,
  driftOf,
  expectMended,
  mustRegister,
  persist,
} from "../support/registering";

afterAll(closeEverything);

describe("a rush", () => {
  test("a thousand people for the last hundred seats: exactly a hundred get one, all different", async () => {
    const competitionId = await openCompetition({ capacity: 100 });
    const people = await createPeople(1_000);
    const results = await Promise.all(people.map((user) => persist(user, competitionId)));
    expect(count(results, "registered")).toBe(100);
    expect(count(results, "competition_full")).toBe(900);
    const seats = await confirmedSeats(competitionId);
    expect(seats.map((seat) => seat.seatNo)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(await confirmations(competitionId)).toBe(100);
    await expectMended(competitionId);
  });

  test("two hundred competitions at once: each fills to its capacity", async () => {
    const competitions = await Promise.all(
      Array.from({ length: 200 }, () => openCompetition({ capacity: 2 })),
    );
    const people = await createPeople(5);
    const results = await Promise.all(
      competitions.map((competitionId) =>
        Promise.all(people.map((user) => persist(user, competitionId))),
      ),
    );
    for (const answers of results) {
      expect(count(answers, "registered")).toBe(2);
      expect(count(answers, "competition_full")).toBe(3);
    }
    await expectMended(...competitions);
  });
});

describe("refusals", () => {
  test("a second registration, a passed deadline, an unknown and a deleted competition", async () => {
    const user = await createPerson();
    const competitionId = await openCompetition();
    await mustRegister(user, competitionId);
    expect(await register({ user, competitionId })).toEqual({ status: "already_registered" });
    const closed = await openCompetition({ closesInMs: -1_000 });
    expect(await register({ user, competitionId: closed })).toEqual({ status: "deadline_passed" });
    const unknown = "00000000-0000-4000-8000-00000000dead";
    expect(await register({ user, competitionId: unknown })).toEqual({ status: "not_found" });
    expect(await register({ user, competitionId: "nonsense" })).toEqual({ status: "not_found" });
    const deleted = await openCompetition();
    await database().execute("update competition set deleted_at = now() where id = ?", [deleted]);
    expect(await register({ user, competitionId: deleted })).toEqual({ status: "not_found" });
  });

  test("a deadline that Redis does not know of is enforced by Postgres", async () => {
    const competitionId = await openCompetition({ capacity: 3 });
    const [early, late] = await createPeople(2);
    if (!early || !late) throw new Error("two people");
    await mustRegister(early, competitionId);
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    expect(await register({ user: late, competitionId })).toEqual({ status: "deadline_passed" });
    expect(await confirmedSeats(competitionId)).toHaveLength(1);
  });
});

describe("cancelling", () => {
  test("frees the seat for the next person, once", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [first, second] = await createPeople(2);
    if (!first || !second) throw new Error("two people");
    await mustRegister(first, competitionId);
    const own = { actor: first, competitionId };
    expect(await cancelRegistration(own)).toEqual({ status: "cancelled" });
    expect(await cancelRegistration(own)).toEqual({ status: "not_found" });
    expect((await mustRegister(second, competitionId)).body.seatNo).toBe(1);
    expect(await findRegistration({ userId: first.id, competitionId })).toBeNull();
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("is refused after the deadline", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    await mustRegister(user, competitionId);
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    const late = await cancelRegistration({ actor: user, competitionId });
    expect(late).toEqual({ status: "deadline_passed" });
    const kept = await findRegistration({ userId: user.id, competitionId });
    expect(kept).toMatchObject({ seatNo: 1 });
  });
});

describe("when Redis is wrong", () => {
  test("a seat that Postgres has given away is refused, and the next one is found", async () => {
    const competitionId = await openCompetition({ capacity: 3 });
    const [behind, user] = await createPeople(2);
    if (!behind || !user) throw new Error("two people");
    await syncSeats({ competitionId });
    await database().execute(
      `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
       values (gen_random_uuid(), ?, ?, 'CONFIRMED', 1, now())`,
      [competitionId, behind.id],
    );
    expect((await mustRegister(user, competitionId)).body.seatNo).toBe(2);
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("wiped in the middle of a rush it neither oversells nor strands a seat", async () => {
    const competitionId = await openCompetition({ capacity: 200 });
    const people = await createPeople(600);
    const wiping = (async () => {
      for (let wipes = 0; wipes < 10; wipes++) await wipeRedis();
    })();
    const results = await Promise.all(people.map((user) => persist(user, competitionId)));
    await wiping;
    const seats = await confirmedSeats(competitionId);
    expect(seats).toHaveLength(count(results, "registered"));
    const rest = await createPeople(300);
    for (const user of rest) await persist(user, competitionId);
    expect(await confirmedSeats(competitionId)).toHaveLength(200);
  });

  test("the sweep finds a competition whose messages were lost", async () => {
    const competitionId = await openCompetition({ capacity: 3 });
    const [one, two] = await createPeople(2);
    if (!one || !two) throw new Error("two people");
    await mustRegister(one, competitionId);
    // As if the process had died after its commit: Postgres has cancelled, Redis was never told.
    await database().execute(
      `update registration set status = 'CANCELLED', seat_no = null, updated_at = now()
       where competition_id = ? and user_id = ?`,
      [competitionId, one.id],
    );
    expect(await driftOf([competitionId])).toHaveLength(1);
    await expectMended(competitionId);
    expect((await mustRegister(two, competitionId)).body.seatNo).toBe(1);
  });
});

describe("lists", () => {
  test("show a participant their own, and the participants to the organizer only", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id });
    const user = await createPerson();
    const { body } = await mustRegister(user, competitionId);
    expect(await listOwnRegistrations({ actor: user })).toMatchObject({
      items: [{ id: body.id, seatNo: 1, competition: { id: competitionId } }],
      nextCursor: null,
    });
    const listed = await listParticipants({ competitionId, actor: organizer });
    expect(listed).toMatchObject([{ id: body.id, seatNo: 1, user: { id: user.id } }]);
    expect(await listParticipants({ competitionId, actor: user })).toBeNull();
    const empty = await openCompetition({ organizerId: organizer.id });
    expect(await listParticipants({ competitionId: empty, actor: organizer })).toEqual([]);
  });

  test("show each person their own place, and nobody another's, however many look at once", async () => {
    const competitionId = await openCompetition();
    const people = await createPeople(5);
    const [without, first, second, third] = people;
    const seats = new Map<string, number | null>();
    for (const user of [third, first, second]) {
      if (user) seats.set(user.id, (await mustRegister(user, competitionId)).body.seatNo);
    }
    const asked = [without, third, second, people[4], first].flatMap((user) => user ?? []);
    const found = await Promise.all(
      asked.map(({ id: userId }) => findRegistration({ userId, competitionId })),
    );
    expect(found.map((place) => place?.seatNo)).toEqual(asked.map(({ id }) => seats.get(id)));
  });

  test("of one's own registrations and of participants go on where a page ended", async () => {
    const organizer = await createPerson("ORGANIZER");
    const user = await createPerson();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const competitionId = await openCompetition({ organizerId: organizer.id });
      ids.unshift((await mustRegister(user, competitionId)).body.id);
    }
    // Of one instant: the id decides between them.
    await database().execute(
      "update registration set registered_at = now() where user_id = ? and id <> ?",
      [user.id, ids[2]],
    );
    const first = await listOwnRegistrations({ actor: user, limit: 1 });
    const cursor = first.nextCursor ?? undefined;
    const rest = await listOwnRegistrations({ actor: user, limit: 2, cursor });
    const seen = [...first.items, ...rest.items].map(({ id }) => id);
    expect(seen).toEqual([...ids.slice(0, 2).sort().reverse(), ids[2]]);
    expect(rest.nextCursor).toBeNull();

    const competitionId = await openCompetition({ organizerId: organizer.id });
    for (const one of await createPeople(3)) await mustRegister(one, competitionId);
    const asked = { competitionId, actor: organizer };
    const seats = async (more: object) =>
      (await listParticipants({ ...asked, ...more }))?.map(({ seatNo }) => seatNo);
    expect(await seats({ limit: 2 })).toEqual([1, 2]);
    expect(await seats({ limit: 2, afterSeat: 2 })).toEqual([3]);
    expect(
      await seats({ limit: 2, skip: 1, sort: { by: "registeredAt", descending: false } }),
    ).toEqual([2, 3]);
  });

  test("as a file have everybody, however many there are", async () => {
    const organizer = await createPerson("ORGANIZER");
    const capacity = 4_001;
    const competitionId = await openCompetition({ organizerId: organizer.id, capacity });
    const people = await createPeople(capacity);
    await database().execute(
      `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
       select gen_random_uuid(), ?, id, 'CONFIRMED', seat_no, now()
         from unnest(?::uuid[]) with ordinality as p(id, seat_no)`,
      [competitionId, `{${people.map(({ id }) => id).join(",")}}`],
    );
    const cookie = (await signIn(new Request("http://site/"), organizer.id)).split(";")[0] ?? "";
    const request = new Request("http://site/", { headers: { cookie } });
    const file = await downloadFile({ request, params: { id: competitionId }, context: {} });
    const [head, ...rows] = (await file.text()).trim().split("\r\n");
    expect(head).toContain('"Seat","Name","Email"');
    expect(rows.map((row) => row.split(",")[0])).toEqual(
      Array.from({ length: capacity }, (_, index) => `"${index + 1}"`),
    );
  });
});
