import { afterAll, describe, expect, test } from "vitest";
import { answerKey } from "~/domain/registration/seats/redis";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { closeEverything } from "../support/fixtures";
import { mustCommit, mustHold, openStepByStep } from "../support/holding";
import { expireHolds } from "../support/holds";
import {
  cancelRegistration,
  cancelSeat,
  confirmSeats,
  register,
  registerWithoutRedis,
  releaseSeat,
  reserveSeat,
  seatKeys,
  syncSeats,
} from "../support/registration-parts";

afterAll(closeEverything);

describe("asked for a seat, Redis", () => {
  test("gives each its own, none twice, and none beyond the last", async () => {
    const { anna, ben, cleo, request } = await openStepByStep(2);
    expect((await mustHold(request(anna))).seatNo).toBe(1);
    expect((await mustHold(request(ben))).seatNo).toBe(2);
    expect(await reserveSeat(request(cleo))).toEqual({ status: "competition_full" });
  });

  test("gives the same request its hold again", async () => {
    const { anna, request } = await openStepByStep(2);
    const asked = request(anna);
    await mustHold(asked);
    expect(await reserveSeat(asked)).toMatchObject({ status: "held", seatNo: 1 });
  });

  test("gives a person whose earlier request ran out of time the seat of that one", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await mustHold(request(anna));
    expect(await reserveSeat(request(anna))).toEqual({ status: "request_in_progress" });
    await expireHolds(competitionId);
    expect((await mustHold(request(anna))).seatNo).toBe(1);
  });

  test("knows who has one", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await confirmSeats({ competitionId, seats: [await mustCommit(request(anna))] });
    expect(await reserveSeat(request(anna))).toEqual({ status: "already_registered" });
  });

  test("refuses after the deadline", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    await syncSeats({ competitionId });
    expect(await reserveSeat(request(anna))).toEqual({ status: "deadline_passed" });
  });

  test("refuses when the competition was deleted", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await database().execute("update competition set deleted_at = now() where id = ?", [
      competitionId,
    ]);
    await syncSeats({ competitionId });
    expect(await reserveSeat(request(anna))).toEqual({ status: "not_found" });
  });
});

describe("under a key Redis", () => {
  test("takes only the request that it came with", async () => {
    const { anna, request } = await openStepByStep(2);
    await mustHold(request(anna, "key", "one"));
    expect(await reserveSeat(request(anna, "key", "two"))).toEqual({
      status: "idempotency_key_reused",
    });
  });

  test("keeps nothing for ever", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(1);
    const left = (userId: string) => redis().pttl(answerKey({ competitionId, userId, key: "key" }));
    const held = await mustCommit(request(anna, "key"));
    expect(await left(anna.id)).toBeGreaterThan(0);
    await confirmSeats({ competitionId, seats: [held] });
    expect(await left(anna.id)).toBeGreaterThan(60_000);
    expect(await reserveSeat(request(ben, "key"))).toEqual({ status: "competition_full" });
    expect(await left(ben.id)).toBeGreaterThan(0);
  });

  test("does not repeat a refusal to somebody who has since got a seat", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(1);
    const held = await mustHold(request(anna));
    const refused = request(ben, "key");
    expect(await reserveSeat(refused)).toEqual({ status: "competition_full" });
    await releaseSeat(held);
    expect(await registerWithoutRedis(refused)).toMatchObject({ status: "registered" });
    await syncSeats({ competitionId });
    expect(await reserveSeat(refused)).toMatchObject({ status: "already_registered" });
  });

  test("sends people who have an answer to Postgres, though it lost their seat", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(1);
    const asked = request(anna, "key");
    const held = await mustCommit(asked);
    await expireHolds(competitionId);
    await mustHold(request(ben));
    await confirmSeats({ competitionId, seats: [held] });
    expect(await reserveSeat(asked)).toEqual({ status: "look_up" });
  });

  test("forgets a request whose hold was released", async () => {
    const { anna, request } = await openStepByStep(2);
    await releaseSeat(await mustHold(request(anna, "key", "one")));
    expect(await reserveSeat(request(anna, "key", "two"))).toMatchObject({ status: "reserved" });
  });

  test("has people who cancelled looked up in Postgres when it lost the answer", async () => {
    const { anna: user, ben, competitionId } = await openStepByStep(1);
    const asked = { user, competitionId, idempotencyKey: "key" };
    const first = await register(asked);
    await cancelRegistration({ actor: user, competitionId });
    expect(await register({ user: ben, competitionId })).toMatchObject({ status: "registered" });
    await redis().unlink(answerKey({ competitionId, userId: user.id, key: "key" }));
    expect(await register(asked)).toEqual({ ...first, replayed: true });
  });
});

describe("a message that comes late", () => {
  test("a confirmation of a hold that somebody else has by now changes nothing", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(1);
    const late = await mustHold(request(anna));
    await expireHolds(competitionId);
    await mustHold(request(ben));
    await confirmSeats({ competitionId, seats: [late] });
    const { confirmed } = seatKeys(competitionId);
    expect(await redis().hgetall(confirmed)).toEqual({});
  });

  test("a cancellation leaves the hold of the next request alone", async () => {
    const { anna, competitionId, request } = await openStepByStep(1);
    await mustHold(request(anna));
    await cancelSeat(request(anna));
    expect(await redis().hexists(seatKeys(competitionId).attempts, anna.id)).toBe(1);
  });

  test("a release leaves the hold of the next request alone", async () => {
    const { anna, competitionId, request } = await openStepByStep(1);
    await mustHold(request(anna));
    await releaseSeat(request(anna));
    expect(await redis().hexists(seatKeys(competitionId).attempts, anna.id)).toBe(1);
  });

  test("a cancellation leaves the seat of the next registration alone", async () => {
    const { anna, competitionId, request } = await openStepByStep(1);
    await confirmSeats({ competitionId, seats: [await mustCommit(request(anna))] });
    await cancelSeat(request(anna));
    expect(await redis().hexists(seatKeys(competitionId).confirmed, anna.id)).toBe(1);
  });
});

test("releasing a hold does not forget that its key got an answer meanwhile", async () => {
  const { anna, competitionId, request } = await openStepByStep(2);
  const held = await mustHold(request(anna, "key"));
  // Committed under another seat than the hold's: the answer stands, the hold is left over.
  await confirmSeats({ competitionId, seats: [{ ...held, seatNo: 2 }] });
  await releaseSeat(held);
  expect(await reserveSeat(held)).toEqual({ status: "look_up" });
});

test("a seat that Postgres refused is not offered again", async () => {
  const { anna, competitionId, request } = await openStepByStep(1);
  await releaseSeat({ ...(await mustHold(request(anna))), seatRefused: true });
  expect(await redis().zcard(seatKeys(competitionId).free)).toBe(0);
});

test("a seat that is given up goes to whoever asks next", async () => {
  const { anna, ben, request } = await openStepByStep(1);
  await releaseSeat(await mustHold(request(anna)));
  expect(await reserveSeat(request(ben))).toMatchObject({ status: "reserved", seatNo: 1 });
});

test("a cancellation that overtakes its confirmation frees the seat of the hold", async () => {
  const { anna, ben, request } = await openStepByStep(1);
  await cancelSeat(await mustHold(request(anna)));
  expect(await reserveSeat(request(ben))).toMatchObject({ status: "reserved", seatNo: 1 });
});
