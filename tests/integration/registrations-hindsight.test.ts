import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test, vi } from "vitest";
import { cancelRegistration, register, syncSeats } from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import {
  closeEverything,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
  wipeRedis,
} from "../support/fixtures";
import { mustRegister } from "../support/registering";
import { mayHaveRedisGap, reserveSeat, seatKeys } from "../support/registration-parts";

afterAll(closeEverything);

/** The path without Redis, in modules of its own: another process, of which this one knows nothing. */
async function otherProcess() {
  vi.resetModules();
  return import("~/domain/registration/without-redis");
}

function attemptOf(user: Person, competitionId: string, key: string, fingerprint = "") {
  return { registrationId: randomUUID(), user, competitionId, idempotency: { key, fingerprint } };
}

/** A competition that Redis knows, and one person's seat there that it has not heard of. */
async function seatThatRedisTakesForFree({ capacity }: { capacity: number }) {
  const competitionId = await openCompetition({ capacity });
  const [user, rival, next] = (await createPeople(3)) as [Person, Person, Person];
  await syncSeats({ competitionId });
  const { registerWithoutRedis } = await otherProcess();
  const given = await registerWithoutRedis(attemptOf(user, competitionId, "key", "one"));
  expect(given).toMatchObject({ status: "registered", body: { seatNo: 1 } });
  const hold = ({ id: userId }: Person) =>
    reserveSeat({ competitionId, userId, registrationId: randomUUID() });
  const repeat = (fingerprint: string) =>
    register({ user, competitionId, idempotencyKey: "key", fingerprint });
  return { competitionId, user, hold, repeat, rival, next };
}

describe("Redis gives a repeated request a hold", () => {
  test("on the very seat it has: the hold is dropped, and the seat is not offered again", async () => {
    const { hold, repeat, rival } = await seatThatRedisTakesForFree({ capacity: 1 });
    expect(await repeat("one")).toMatchObject({ status: "registered", replayed: true });
    expect(await hold(rival)).toMatchObject({ status: "competition_full" });
  });

  test("and its key came with another request before: the held seat is free again", async () => {
    const { hold, repeat, rival, next } = await seatThatRedisTakesForFree({ capacity: 2 });
    expect(await hold(rival)).toMatchObject({ status: "reserved", seatNo: 1 });
    expect(await repeat("another")).toMatchObject({ status: "idempotency_key_reused" });
    expect(await hold(next)).toMatchObject({ status: "reserved", seatNo: 2 });
  });
});

describe("after the deadline", () => {
  async function closedSince() {
    const competitionId = await openCompetition();
    const user = await createPerson();
    const answer = await mustRegister(user, competitionId, "winner");
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    await wipeRedis();
    return { answer, competitionId, user };
  }

  test("a winner's key still has its answer, though Redis lost it", async () => {
    const { answer, competitionId, user } = await closedSince();
    const again = await mustRegister(user, competitionId, "winner");
    expect(again).toEqual({ ...answer, replayed: true });
  });

  test("without Redis, registered people hear that they are, not that it is too late", async () => {
    const { competitionId, user } = await closedSince();
    const { registerWithoutRedis } = await otherProcess();
    const attempt = attemptOf(user, competitionId, "another");
    expect(await registerWithoutRedis(attempt)).toEqual({ status: "already_registered" });
  });

  test("with Redis they hear the same, whether they come with a new key or without one", async () => {
    const { competitionId, user } = await closedSince();
    const registered = { status: "already_registered" };
    expect(await register({ user, competitionId })).toEqual(registered);
    expect(await register({ user, competitionId, idempotencyKey: "another" })).toEqual(registered);
  });

  test("so does who got their seat without Redis, which knows of the deadline alone", async () => {
    const { competitionId, user } = await seatThatRedisTakesForFree({ capacity: 1 });
    await redis().hset(seatKeys(competitionId).meta, "closes", 1);
    expect(await register({ user, competitionId })).toEqual({ status: "already_registered" });
  });
});

test("somebody who cancelled and has a new key gets a seat from Redis, not from Postgres alone", async () => {
  const competitionId = await openCompetition();
  const user = await createPerson();
  await mustRegister(user, competitionId, "first");
  await cancelRegistration({ actor: user, competitionId });
  expect(await mustRegister(user, competitionId, "second")).toMatchObject({ replayed: false });
  const gaps = await database().execute("select 1 from redis_gap where competition_id = ?", [
    competitionId,
  ]);
  expect(gaps).toEqual([]);
});

test("a seat given without Redis is answered once every process has had time to learn of it", async () => {
  const competitionId = await openCompetition({ capacity: 1 });
  const [user, rival] = (await createPeople(2)) as [Person, Person];
  await reserveSeat({ competitionId, userId: rival.id, registrationId: randomUUID() });
  // This process has asked for gaps just before the other one's commit.
  const over = atFailpoint("register-before-commit", async () => {
    over();
    expect(await mayHaveRedisGap(competitionId)).toBe(false);
  });
  const { registerWithoutRedis } = await otherProcess();
  const given = await registerWithoutRedis(attemptOf(user, competitionId, "key"));
  const repeat = await register({ user, competitionId, idempotencyKey: "key" });
  expect(repeat).toEqual({ ...Object(given), replayed: true });
});
