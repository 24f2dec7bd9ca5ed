import { afterAll, describe, expect, test } from "vitest";
import {
  findLastingDrift,
  reserveSeat,
  sweepSeats,
  syncSeats,
} from "~/domain/capacity/index.server";
import {
  cancelRegistration,
  findRegistration,
  listOwnRegistrations,
  listParticipants,
  type RegisterResult,
  register,
  registerAndWait,
} from "~/domain/registrations/index.server";
import { database } from "~/platform/orm.server";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
  wipeRedis,
} from "../support/fixtures";

afterAll(closeEverything);

function count(results: RegisterResult[], status: RegisterResult["status"]): number {
  return results.filter((result) => result.status === status).length;
}

async function mustRegister(user: Person, competitionId: string, idempotencyKey?: string) {
  const result = await register({ user, competitionId, idempotencyKey });
  if (result.status !== "registered") throw new Error(`expected a seat, was told ${result.status}`);
  return result;
}

async function outboxRows(competitionId: string): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    `select count(*)::int as count from outbox o
     join registration r on o.dedupe_key = 'confirmation:' || r.id where r.competition_id = ?`,
    [competitionId],
  );
  return row?.count ?? 0;
}

describe("a rush", () => {
  test("a thousand people for the last hundred seats: exactly a hundred get one, all different", async () => {
    const competitionId = await openCompetition({ capacity: 100 });
    const people = await createPeople(1_000);
    const results = await Promise.all(people.map((user) => register({ user, competitionId })));
    expect(count(results, "registered")).toBe(100);
    expect(count(results, "full")).toBe(900);
    const seats = await confirmedSeats(competitionId);
    expect(seats.map((seat) => seat.seatNo)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(await outboxRows(competitionId)).toBe(100);
    expect(await findLastingDrift([competitionId])).toEqual([]);
  });

  test("two hundred competitions at once: each fills to its capacity", async () => {
    const competitions = await Promise.all(
      Array.from({ length: 200 }, () => openCompetition({ capacity: 2 })),
    );
    const people = await createPeople(5);
    const results = await Promise.all(
      competitions.flatMap((competitionId) =>
        people.map((user) => register({ user, competitionId })),
      ),
    );
    expect(count(results, "registered")).toBe(400);
    expect(count(results, "full")).toBe(600);
  });
});

describe("an idempotency key", () => {
  test("the same request fifty times at once: one registration, one mail, one answer", async () => {
    const competitionId = await openCompetition({ capacity: 5 });
    const user = await createPerson();
    const request = { user, competitionId, idempotencyKey: "once", fingerprint: "f" };
    const results = await Promise.all(Array.from({ length: 50 }, () => registerAndWait(request)));
    const bodies = new Set(
      results.map((result) =>
        result.status === "registered" ? JSON.stringify(result.body) : result.status,
      ),
    );
    expect(bodies.size).toBe(1);
    expect(results.filter((one) => one.status === "registered" && !one.replayed)).toHaveLength(1);
    expect(await confirmedSeats(competitionId)).toHaveLength(1);
    expect(await outboxRows(competitionId)).toBe(1);
  });

  test("is answered from Postgres when Redis has forgotten it", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const first = await mustRegister(user, competitionId, "kept");
    await wipeRedis();
    const second = await mustRegister(user, competitionId, "kept");
    expect(second).toEqual({ ...first, replayed: true });
  });

  test("still hears its first answer after the registration was cancelled", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const first = await mustRegister(user, competitionId, "cancelled");
    await cancelRegistration({ userId: user.id, competitionId });
    expect(await mustRegister(user, competitionId, "cancelled")).toEqual({
      ...first,
      replayed: true,
    });
    await wipeRedis();
    expect(await mustRegister(user, competitionId, "cancelled")).toEqual({
      ...first,
      replayed: true,
    });
    expect(await confirmedSeats(competitionId)).toEqual([]);
    expect(await findLastingDrift([competitionId])).toEqual([]);
  });

  test("of somebody who cancelled hears its first answer when all is full and Redis was wiped", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [first, next] = await createPeople(2);
    if (!first || !next) throw new Error("two people");
    const answer = await mustRegister(first, competitionId, "gone");
    await cancelRegistration({ userId: first.id, competitionId });
    await mustRegister(next, competitionId);
    await wipeRedis();
    expect(await mustRegister(first, competitionId, "gone")).toEqual({ ...answer, replayed: true });
    expect(await register({ user: first, competitionId, idempotencyKey: "new" })).toEqual({
      status: "full",
    });
  });

  test("used for another request is refused, from Redis and from Postgres", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const request = { user, competitionId, idempotencyKey: "other" };
    await register({ ...request, fingerprint: "one" });
    expect(await register({ ...request, fingerprint: "two" })).toEqual({ status: "key_reused" });
    await wipeRedis();
    expect(await register({ ...request, fingerprint: "two" })).toEqual({ status: "key_reused" });
  });

  test("of one user never shows another's registration", async () => {
    const competitionId = await openCompetition();
    const [one, two] = await createPeople(2);
    if (!one || !two) throw new Error("two people");
    const first = await mustRegister(one, competitionId, "same");
    const second = await mustRegister(two, competitionId, "same");
    expect(second.replayed).toBe(false);
    expect(second.body.userId).toBe(two.id);
    expect(second.body.seatNo).not.toBe(first.body.seatNo);
  });

  test("of a winner hears the seat, not that all are gone", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [winner, loser] = await createPeople(2);
    if (!winner || !loser) throw new Error("two people");
    const first = await mustRegister(winner, competitionId, "late");
    expect(await register({ user: loser, competitionId })).toEqual({ status: "full" });
    expect(await mustRegister(winner, competitionId, "late")).toEqual({ ...first, replayed: true });
  });

  test("that heard full hears it again for a minute, though a seat came free", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [winner, loser] = await createPeople(2);
    if (!winner || !loser) throw new Error("two people");
    await mustRegister(winner, competitionId);
    const request = { user: loser, competitionId, idempotencyKey: "full" };
    expect(await register(request)).toEqual({ status: "full" });
    await cancelRegistration({ userId: winner.id, competitionId });
    expect(await register(request)).toEqual({ status: "full" });
    expect(await register({ ...request, idempotencyKey: "fresh" })).toMatchObject({
      status: "registered",
    });
  });

  test("whose first request is still under way hears so", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const idempotency = { key: "slow", fingerprint: "" };
    const registrationId = "00000000-0000-4000-8000-000000000001";
    await reserveSeat({ competitionId, userId: user.id, registrationId, idempotency });
    expect(await register({ user, competitionId, idempotencyKey: "slow" })).toEqual({
      status: "in_progress",
      retryAfterSeconds: 1,
    });
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

  test("a deadline that Redis has not heard of is kept by Postgres", async () => {
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
    const own = { userId: first.id, competitionId };
    expect(await cancelRegistration(own)).toEqual({ status: "cancelled" });
    expect(await cancelRegistration(own)).toEqual({ status: "not_found" });
    expect((await mustRegister(second, competitionId)).body.seatNo).toBe(1);
    expect(await findRegistration(own)).toBeNull();
    expect(await findLastingDrift([competitionId])).toEqual([]);
  });

  test("is refused after the deadline", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    await mustRegister(user, competitionId);
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    const own = { userId: user.id, competitionId };
    expect(await cancelRegistration(own)).toEqual({ status: "deadline_passed" });
    expect(await findRegistration(own)).toMatchObject({ seatNo: 1 });
  });
});

describe("when Redis is wrong", () => {
  test("a seat that Postgres has given away is refused, and the next one found", async () => {
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
    expect(await findLastingDrift([competitionId])).toEqual([]);
  });

  test("wiped in the middle of a rush it neither oversells nor strands a seat", async () => {
    const competitionId = await openCompetition({ capacity: 200 });
    const people = await createPeople(600);
    const wiping = (async () => {
      for (let wipes = 0; wipes < 10; wipes++) await wipeRedis();
    })();
    const results = await Promise.all(people.map((user) => register({ user, competitionId })));
    await wiping;
    const seats = await confirmedSeats(competitionId);
    expect(seats).toHaveLength(count(results, "registered"));
    const rest = await createPeople(300);
    for (const user of rest) await register({ user, competitionId });
    expect(await confirmedSeats(competitionId)).toHaveLength(200);
  });

  test("the sweep finds a competition whose messages were lost", async () => {
    const competitionId = await openCompetition({ capacity: 3 });
    const [one, two] = await createPeople(2);
    if (!one || !two) throw new Error("two people");
    await mustRegister(one, competitionId);
    // As if the process had died after its commit: Postgres has cancelled, Redis never heard.
    await database().execute(
      `update registration set status = 'CANCELLED', seat_no = null, updated_at = now()
       where competition_id = ? and user_id = ?`,
      [competitionId, one.id],
    );
    expect(await findLastingDrift([competitionId])).toHaveLength(1);
    await sweepSeats();
    expect(await findLastingDrift([competitionId])).toEqual([]);
    expect((await mustRegister(two, competitionId)).body.seatNo).toBe(1);
  });
});

describe("lists", () => {
  test("show a participant their own, and the participants to the organizer only", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id });
    const user = await createPerson();
    const { body } = await mustRegister(user, competitionId);
    expect(await listOwnRegistrations({ userId: user.id })).toMatchObject([
      { id: body.id, seatNo: 1, competition: { id: competitionId } },
    ]);
    const listed = await listParticipants({ competitionId, organizerId: organizer.id });
    expect(listed).toMatchObject([{ id: body.id, seatNo: 1, user: { id: user.id } }]);
    expect(await listParticipants({ competitionId, organizerId: user.id })).toBeNull();
    const empty = await openCompetition({ organizerId: organizer.id });
    expect(await listParticipants({ competitionId: empty, organizerId: organizer.id })).toEqual([]);
  });
});
