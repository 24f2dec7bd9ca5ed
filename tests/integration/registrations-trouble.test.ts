import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { closeRegistration } from "~/domain/competitions/index.server";
import {
  cancelRegistration,
  findDrift,
  register,
  syncSeats,
} from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import {
  closeEverything,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
} from "../support/fixtures";
import { lockAlone, somebodyWaits } from "../support/locks";
import { count } from "../support/registering";
import { registerWithoutRedis, reserveSeat } from "../support/registration-parts";
import { failAt, standStillAt } from "../support/stand-still";

afterAll(closeEverything);

describe("the competition's lock", () => {
  test("makes a cancellation wait for others' commits under way", async () => {
    const competitionId = await openCompetition();
    const [user, other] = (await createPeople(2)) as [Person, Person];
    await register({ user, competitionId });
    const commit = standStillAt("register-before-commit");
    const registering = register({ user: other, competitionId });
    await commit.arrived;
    const cancelling = cancelRegistration({ actor: user, competitionId });
    await somebodyWaits("advisory").finally(commit.goOn);
    expect(await registering).toMatchObject({ status: "registered" });
    expect(await cancelling).toEqual({ status: "cancelled" });
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("cannot be taken by people without a seat", async () => {
    const competitionId = await openCompetition();
    const unlock = await lockAlone(competitionId);
    const stranger = await createPerson();
    const refused = await cancelRegistration({ actor: stranger, competitionId }).finally(unlock);
    expect(refused).toEqual({ status: "not_found" });
  });

  test("makes a registration wait while somebody changes the competition, and then go on", async () => {
    await waitsForAChange((user, competitionId) => register({ user, competitionId }));
  });

  test("makes a registration without Redis wait as well", async () => {
    await waitsForAChange((user, competitionId) =>
      registerWithoutRedis({ registrationId: randomUUID(), user, competitionId }),
    );
  });

  test("refuses those who wait for it while registration closes", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id });
    const [user, other] = (await createPeople(2)) as [Person, Person];
    await syncSeats({ competitionId });
    const unlock = await lockAlone(competitionId);
    const closing = closeRegistration({ actor: organizer, id: competitionId });
    await somebodyWaits("advisory");
    // Their transactions begin before it closes, and get the lock after that.
    const attempt = { registrationId: randomUUID(), user: other, competitionId };
    const registering = [register({ user, competitionId }), registerWithoutRedis(attempt)];
    await somebodyWaits("advisory", 3).finally(unlock);
    expect(await closing).toEqual({ status: "closed" });
    const refused = { status: "deadline_passed" };
    expect(await Promise.all(registering)).toEqual([refused, refused]);
  });
});

/** Somebody has the lock; the registration waits for it and has its seat then. */
async function waitsForAChange(work: (user: Person, competitionId: string) => Promise<unknown>) {
  const competitionId = await openCompetition();
  const user = await createPerson();
  // Else the first request of all syncs, which waits for the lock too.
  await syncSeats({ competitionId });
  const unlock = await lockAlone(competitionId);
  const registering = work(user, competitionId);
  await somebodyWaits("advisory").finally(unlock);
  expect(await registering).toMatchObject({ status: "registered" });
}

test("a cancellation waits for its own registration under way, which it then finds", async () => {
  const competitionId = await openCompetition();
  const user = await createPerson();
  const commit = standStillAt("register-before-commit");
  const registering = register({ user, competitionId });
  await commit.arrived;
  const cancelling = cancelRegistration({ actor: user, competitionId });
  await Promise.race([somebodyWaits("transactionid"), cancelling]);
  commit.goOn();
  expect(await registering).toMatchObject({ status: "registered" });
  expect(await cancelling).toEqual({ status: "cancelled" });
  expect(await findDrift([competitionId])).toEqual([]);
});

describe("while commits fail", () => {
  test("a request that gives up gives its seat back", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [user, next] = (await createPeople(2)) as [Person, Person];
    const over = failAt("register-after-insert", "40P01");
    const answer = await register({ user, competitionId });
    over();
    expect(answer).toMatchObject({ status: "unavailable" });
    expect(await register({ user: next, competitionId })).toMatchObject({ status: "registered" });
  });

  test("those who waited for the lock together try again together, not each on a connection", async () => {
    const competitionId = await openCompetition({ capacity: 20 });
    const people = await createPeople(20);
    await syncSeats({ competitionId });
    const unlock = await lockAlone(competitionId);
    const registering = people.map((user) => register({ user, competitionId }));
    await somebodyWaits("advisory");
    let commits = 0;
    const over = atFailpoint("register-after-insert", async () => {
      if (commits++ === 0) throw Object.assign(new Error("too long"), { code: "55P03" });
    });
    await unlock();
    expect(count(await Promise.all(registering), "registered")).toBe(20);
    over();
    expect(commits).toBeLessThan(6);
  });

  test("by a bug, the seat is given back as well", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const user = await createPerson();
    const over = failAt("register-after-insert", "22P02");
    const first = register({ user, competitionId, idempotencyKey: "first" });
    await expect(first).rejects.toThrow("failed at register-after-insert");
    over();
    const second = { user, competitionId, idempotencyKey: "second" };
    expect(await register(second)).toMatchObject({ status: "registered" });
  });

  test("at COMMIT with Postgres' word that nothing was written, the seat is given back", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const user = await createPerson();
    await database().execute(
      `create function refuse_commit() returns trigger language plpgsql as $$
       begin raise exception 'no room' using errcode = '53100'; end $$`,
    );
    await database().execute(
      `create constraint trigger refuse_commit after insert on registration
       deferrable initially deferred for each row execute function refuse_commit()`,
    );
    const answer = await register({ user, competitionId, idempotencyKey: "first" });
    await database().execute("drop trigger refuse_commit on registration");
    expect(answer).toMatchObject({ status: "unavailable" });
    const second = { user, competitionId, idempotencyKey: "second" };
    expect(await register(second)).toMatchObject({ status: "registered" });
  });

  test("at COMMIT without a word, the seat stays held: the registration may stand", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [user, other] = (await createPeople(2)) as [Person, Person];
    const over = failAt("register-commit-answered", "57P01");
    const answer = await register({ user, competitionId, idempotencyKey: "first" });
    over();
    expect(answer).toMatchObject({ status: "unavailable" });
    const rival = { competitionId, userId: other.id, registrationId: randomUUID() };
    expect(await reserveSeat(rival)).toEqual({ status: "competition_full" });
    const second = { user, competitionId, idempotencyKey: "second" };
    expect(await register(second)).toEqual({ status: "already_registered" });
  });

  test("because Postgres is away, everybody in the batch is told at once", async () => {
    const competitionId = await openCompetition({ capacity: 20 });
    const people = await createPeople(20);
    let commits = 0;
    const over = atFailpoint("register-before-commit", async () => {
      if (++commits > 1) return;
      throw Object.assign(new Error("the server is shutting down"), { code: "57P01" });
    });
    const results = await Promise.all(people.map((user) => register({ user, competitionId })));
    over();
    expect(count(results, "registered")).toBe(20);
    // The one that failed, and those in which all came back; not one for each of them.
    expect(commits).toBeLessThan(10);
  });
});
