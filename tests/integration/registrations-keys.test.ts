import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { editCompetition } from "~/domain/competitions/index.server";
import {
  cancelRegistration,
  forgetOldAnswers,
  register,
  registerAndWait,
} from "~/domain/registration/index.server";
import { answerKey } from "~/domain/registration/seats/redis";
import { registerWithoutRedis } from "~/domain/registration/without-redis";
import { database, inTransaction } from "~/platform/orm";
import { redis } from "~/platform/redis";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
  wipeRedis,
} from "../support/fixtures";
import { somebodyWaits } from "../support/locks";
import { confirmations, driftOf, mustRegister } from "../support/registering";
import { reserveSeat } from "../support/registration-parts";

afterAll(closeEverything);

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
    expect(await confirmations(competitionId)).toBe(1);
  });

  test("is answered from Postgres when Redis has forgotten it", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const first = await mustRegister(user, competitionId, "kept");
    await wipeRedis();
    const second = await mustRegister(user, competitionId, "kept");
    expect(second).toEqual({ ...first, replayed: true });
  });

  test("still gets its first answer after the registration was cancelled", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const first = await mustRegister(user, competitionId, "cancelled");
    await cancelRegistration({ actor: user, competitionId });
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
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("of somebody who cancelled gets its first answer when everything is full and Redis was wiped", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [first, next] = await createPeople(2);
    if (!first || !next) throw new Error("two people");
    const answer = await mustRegister(first, competitionId, "gone");
    await cancelRegistration({ actor: first, competitionId });
    await mustRegister(next, competitionId);
    await wipeRedis();
    expect(await mustRegister(first, competitionId, "gone")).toEqual({ ...answer, replayed: true });
    expect(await register({ user: first, competitionId, idempotencyKey: "new" })).toEqual({
      status: "competition_full",
    });
  });

  test("used for another request is refused, from Redis and from Postgres", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const request = { user, competitionId, idempotencyKey: "other" };
    await register({ ...request, fingerprint: "one" });
    expect(await register({ ...request, fingerprint: "two" })).toEqual({
      status: "idempotency_key_reused",
    });
    await wipeRedis();
    expect(await register({ ...request, fingerprint: "two" })).toEqual({
      status: "idempotency_key_reused",
    });
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

  test("of a winner gets the seat as its answer, not that all seats are gone", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [winner, loser] = await createPeople(2);
    if (!winner || !loser) throw new Error("two people");
    const first = await mustRegister(winner, competitionId, "late");
    expect(await register({ user: loser, competitionId })).toEqual({ status: "competition_full" });
    expect(await mustRegister(winner, competitionId, "late")).toEqual({ ...first, replayed: true });
  });

  test('that was told "full" is told the same for a minute, even if a seat came free', async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [winner, loser] = await createPeople(2);
    if (!winner || !loser) throw new Error("two people");
    await mustRegister(winner, competitionId);
    const request = { user: loser, competitionId, idempotencyKey: "full" };
    expect(await register(request)).toEqual({ status: "competition_full" });
    await cancelRegistration({ actor: winner, competitionId });
    expect(await register(request)).toEqual({ status: "competition_full" });
    expect(await register({ ...request, idempotencyKey: "fresh" })).toMatchObject({
      status: "registered",
    });
  });

  test('whose "full" was lost on its way gets the seat that Postgres found', async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ capacity: 1, organizerId: organizer.id });
    const [winner, user] = (await createPeople(2)) as [Person, Person];
    await mustRegister(winner, competitionId);
    const request = { user, competitionId, idempotencyKey: "lost", fingerprint: "f" };
    expect(await register(request)).toEqual({ status: "competition_full" });
    const changes = { capacity: 2 };
    await editCompetition({ id: competitionId, actor: organizer, changes });
    const idempotency = { key: "lost", fingerprint: "f" };
    const attempt = { registrationId: randomUUID(), user, competitionId, idempotency };
    const found = await registerWithoutRedis(attempt);
    expect(found).toMatchObject({ status: "registered", replayed: false, body: { seatNo: 2 } });
    const again = { ...Object(found), replayed: true };
    expect(await register(request)).toEqual(again);
    await cancelRegistration({ actor: user, competitionId });
    expect(await register(request)).toEqual(again);
  });

  test("costs little in Postgres and Redis, however much there is to say about the competition", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id });
    const describe = (description: string) =>
      editCompetition({ actor: organizer, id: competitionId, changes: { description } });
    await describe("\u{1f600}".repeat(5_000));
    const [anna, ben, cleo] = (await createPeople(3)) as [Person, Person, Person];
    const first = await mustRegister(anna, competitionId, randomUUID());
    const key = randomUUID();
    const second = await mustRegister(ben, competitionId, key);
    await describe("Changed since");
    await mustRegister(cleo, competitionId, randomUUID());
    const again = await mustRegister(ben, competitionId, key);
    expect(JSON.stringify(again)).toBe(JSON.stringify({ ...second, replayed: true }));
    expect(first.body.competition).toEqual(second.body.competition);

    const [stored] = await database().execute<Record<string, number>[]>(
      `select max(pg_column_size(a))::int as bytes, count(distinct a.edition)::int as editions
         from stored_answer a where a.scope = ?`,
      [competitionId],
    );
    expect(stored).toEqual({ bytes: expect.any(Number), editions: 2 });
    expect(stored?.bytes).toBeLessThan(700);
    const record = answerKey({ competitionId, userId: ben.id, key });
    expect(await redis().memory("USAGE", record)).toBeLessThan(700);
  });

  test("is forgotten after a day, and an hour later what its answer said of the competition", async () => {
    const competitionId = await openCompetition();
    await mustRegister(await createPerson(), competitionId, "old");
    const later = (hours: number) =>
      database().execute(
        `with aged as (update competition_edition set used_at = used_at - make_interval(hours => ?)
           where id in (select edition from stored_answer where scope = ?) or body like ?)
         update stored_answer set created_at = created_at - make_interval(hours => ?) where scope = ?`,
        [hours, competitionId, `%${competitionId}%`, hours, competitionId],
      );
    const left = async () => {
      await forgetOldAnswers();
      const [row] = await database().execute<{ answers: number; editions: number }[]>(
        `select (select count(*)::int from stored_answer where scope = ?) as answers,
           (select count(*)::int from competition_edition where body like ?) as editions`,
        [competitionId, `%${competitionId}%`],
      );
      return row;
    };
    await later(23);
    expect(await left()).toEqual({ answers: 1, editions: 1 });
    // Somebody registers for the same edition: it is needed for another day.
    await mustRegister(await createPerson(), competitionId, "new");
    await later(23);
    expect(await left()).toEqual({ answers: 1, editions: 1 });
    await later(3);
    expect(await left()).toEqual({ answers: 0, editions: 0 });
  });

  test("can be repeated for as long as its answer is there, while two workers forget thousands", async () => {
    const [competitionId, user] = [await openCompetition(), await createPerson()];
    await mustRegister(user, competitionId, "key-0");
    await database().execute(
      `with aged as (update competition_edition set used_at = now() - interval '30 hours'
         where id in (select edition from stored_answer where scope = ?))
       insert into stored_answer
         (user_id, scope, key, fingerprint, registration_id, body, edition, created_at)
       select user_id, scope, 'key-' || n, fingerprint, registration_id, body, edition,
           now() - interval '29 hours' - make_interval(secs => n)
         from stored_answer, generate_series(1, 5001) as n where scope = ?`,
      [competitionId, competitionId],
    );
    const { second } = await inTransaction(async (em) => {
      // The first worker is at the oldest, and the second one finds the same.
      await em.execute(
        `delete from stored_answer where ctid = any(array(
           select ctid from stored_answer order by created_at limit 5000))`,
      );
      const second = forgetOldAnswers();
      await somebodyWaits("transactionid");
      return { second };
    });
    expect(await second).toEqual({ forgotten: 0 });
    const repeat = { user, competitionId, idempotencyKey: "key-1" };
    expect(await register(repeat)).toMatchObject({ status: "registered", replayed: true });
  });

  test("whose first request is still running is told so", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const idempotency = { key: "slow", fingerprint: "" };
    const registrationId = "00000000-0000-4000-8000-000000000001";
    await reserveSeat({ competitionId, userId: user.id, registrationId, idempotency });
    expect(await register({ user, competitionId, idempotencyKey: "slow" })).toEqual({
      status: "request_in_progress",
      retryAfterSeconds: 1,
    });
  });
});
