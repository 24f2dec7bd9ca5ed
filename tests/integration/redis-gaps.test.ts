import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test, vi } from "vitest";
import { register, syncSeats } from "~/domain/registration/index.server";
import { seatKeys } from "~/domain/registration/seats/redis";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { redis, redisConnection } from "~/platform/redis";
import type { GuardName } from "../faults/guards";
import { importWithout } from "../faults/guards/sources";
import { databaseToBreak } from "../support/breaking";
import { eventually } from "../support/eventually";
import {
  closeEverything,
  createPeople,
  openCompetition,
  type Person,
  wipeRedis,
} from "../support/fixtures";
import { commitTogether, reserveSeat } from "../support/registration-parts";
import { standStillAt } from "../support/stand-still";

const toBreak = databaseToBreak();

afterAll(async () => {
  await toBreak.close();
  await closeEverything();
});

type Registration = typeof import("~/domain/registration/index.server");

function registrationWithout(guard: GuardName): Promise<Registration> {
  return importWithout<Registration>(guard, "app/domain/registration/index.server.ts");
}

/** Two people and a competition with one seat, which Redis takes for free. */
async function oneSeat() {
  const competitionId = await openCompetition({ capacity: 1 });
  const [user, rival] = await createPeople(2);
  if (!user || !rival) throw new Error("two people");
  return { user, rival, competitionId };
}

/** Holds what Redis takes for the last seat, so that it tells everybody else "full". */
async function holdLastSeat({ competitionId, rival }: { competitionId: string; rival: Person }) {
  const request = { competitionId, userId: rival.id, registrationId: randomUUID() };
  expect(await reserveSeat(request)).toMatchObject({ status: "reserved" });
}

/** Somebody's request that has its hold, and is still to be committed. */
async function lateRequest(user: Person, competitionId: string) {
  const request = { competitionId, userId: user.id, registrationId: randomUUID() };
  const decision = await reserveSeat(request);
  if (decision.status !== "reserved") throw new Error(`expected a seat: ${decision.status}`);
  const { status: _, ...seat } = decision;
  return { ...request, user, ...seat };
}

describe("a seat that a process without Redis has given", () => {
  async function givenElsewhere() {
    const world = await oneSeat();
    await holdLastSeat(world);
    // Its own modules, like another process: that one owes a sync, and this one does not know.
    vi.resetModules();
    const other = await import("~/domain/registration/without-redis");
    const idempotency = { key: "a-key", fingerprint: "" };
    const attempt = { ...world, idempotency, registrationId: randomUUID() };
    expect(await other.registerWithoutRedis(attempt)).toMatchObject({ status: "registered" });
    return { ...world, idempotencyKey: "a-key" };
  }

  test("is known wherever the request is repeated", async () => {
    const request = await givenElsewhere();
    expect(await register(request)).toMatchObject({ status: "registered", replayed: true });
  });

  test("is known, too, in a process that has just started and cannot read of it", async () => {
    const request = await givenElsewhere();
    vi.resetModules();
    const { register } = await import("~/domain/registration/index.server");
    const repeat = await toBreak.whileLocked(["redis_gap"], () => register(request));
    expect(repeat).toMatchObject({ status: "registered", replayed: true });
  });

  test("is known for as long as no worker has swept, and then by Redis itself", async () => {
    const request = await givenElsewhere();
    await database().execute("update redis_gap set noted_at = now() - interval '1 hour'");
    vi.resetModules();
    const { register, sweepSeats } = await import("~/domain/registration/index.server");
    expect(await register(request)).toMatchObject({ status: "registered", replayed: true });
    await sweepSeats();
    expect(await database().execute("select 1 from redis_gap")).toEqual([]);
    const { confirmed } = seatKeys(request.competitionId);
    expect(await redis().hexists(confirmed, request.user.id)).toBe(1);
  });

  test("would be denied there without the note that was left", async () => {
    const request = await givenElsewhere();
    const { register } = await registrationWithout("redis-gap");
    expect(await register(request)).toEqual({ status: "competition_full" });
  });
});

describe("a Redis that comes back with the data of a moment ago", () => {
  /** As after a crash that lost the last second's writes; by then a rival holds the seat. */
  async function backWithOldData() {
    const world = await oneSeat();
    await syncSeats(world);
    const restore = await backUp(world);
    const request = { ...world, idempotencyKey: "a-key" };
    expect(await register(request)).toMatchObject({ status: "registered" });
    await restore();
    await holdLastSeat(world);
    await reconnect();
    return request;
  }

  /** @returns wipes Redis and brings back what it knows of the competition now */
  async function backUp({ competitionId }: { competitionId: string }) {
    const keys = Object.values(seatKeys(competitionId));
    const kept = await Promise.all(keys.map((key) => redis().dumpBuffer(key)));
    return async () => {
      await wipeRedis();
      for (const [index, key] of keys.entries()) {
        const data = kept[index];
        if (data) await redis().restore(key, 0, data);
      }
    };
  }

  async function reconnect() {
    const before = redisConnection();
    redis().disconnect(true);
    await eventually(() => expect(redisConnection()).not.toBe(before));
  }

  test("has no holds from then: nobody commits them, and their seats are free", async () => {
    const { competitionId, user, rival } = await oneSeat();
    const late = await lateRequest(rival, competitionId);
    const restore = await backUp({ competitionId });
    await restore();
    await reconnect();
    await syncSeats({ competitionId });
    expect(await commitTogether([late])).toEqual([{ status: "seat_taken" }]);
    expect(await register({ user, competitionId })).toMatchObject({ status: "registered" });
  });

  test("is brought up to date before it decides", async () => {
    const request = await backWithOldData();
    expect(await register(request)).toMatchObject({ status: "registered", replayed: true });
  });

  test("would deny a winner their seat if it were believed", async () => {
    const request = await backWithOldData();
    const { register } = await registrationWithout("reconnect");
    expect(await register(request)).toEqual({ status: "competition_full" });
  });
});

/** Ends the connection whose transaction has a competition's lock alone: it is rolled back. */
async function endWhoHasTheLock(): Promise<void> {
  const find = `from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and l.mode = 'ExclusiveLock'`;
  await database().execute(`select pg_terminate_backend(l.pid) ${find}`);
  await eventually(async () =>
    expect(await database().execute(`select 1 ${find}`)).toHaveLength(0),
  );
}

describe("a hold that Redis forgot while its request was running", () => {
  /** A request stands still with its hold; its repeat is denied, since a rival holds the seat. */
  async function repeatedMeanwhile({ register }: Pick<Registration, "register">) {
    const world = await oneSeat();
    const request = { ...world, idempotencyKey: "a-key" };
    let repeat: unknown;
    const over = atFailpoint("register-after-reserve", async () => {
      over();
      await wipeRedis();
      await holdLastSeat(world);
      repeat = await register(request);
    });
    const first = await register(request);
    expect(repeat).toEqual({ status: "competition_full" });
    return first;
  }

  test("is not committed: both requests under the key get the same answer", async () => {
    expect(await repeatedMeanwhile({ register })).toEqual({ status: "competition_full" });
  });

  test("is not, though the sync that made it void died after it had told Redis", async () => {
    const { competitionId, rival } = await oneSeat();
    const late = await lateRequest(rival, competitionId);
    await wipeRedis();
    const over = atFailpoint("sync-after-snapshot", () => {
      over();
      return endWhoHasTheLock();
    });
    expect(await syncSeats({ competitionId })).toEqual({ status: "unavailable" });
    expect(await redis().hexists(seatKeys(competitionId).meta, "state")).toBe(1);
    expect(await syncSeats({ competitionId })).toEqual({ status: "synced" });
    expect(await commitTogether([late])).toEqual([{ status: "seat_taken" }]);
  });

  test("is not, though a sync that was overtaken lands after that", async () => {
    const { competitionId, rival } = await oneSeat();
    const madeVoid = standStillAt("sync-after-void");
    const overtaken = syncSeats({ competitionId });
    await madeVoid.arrived;
    const late = await lateRequest(rival, competitionId);
    await wipeRedis();
    madeVoid.goOn();
    expect(await overtaken).toEqual({ status: "synced" });
    expect(await commitTogether([late])).toEqual([{ status: "seat_taken" }]);
  });

  test("would be, and one key told two things, if epochs did not count", async () => {
    const unguarded = await registrationWithout("epoch");
    expect(await repeatedMeanwhile(unguarded)).toMatchObject({ status: "registered" });
  });
});
