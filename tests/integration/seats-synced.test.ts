import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { knownCompetitionsKey } from "~/domain/registration/seats/redis";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { mustCommit, mustHold, openStepByStep } from "../support/holding";
import { expireHolds } from "../support/holds";
import { mustRegister } from "../support/registering";
import {
  cancelRegistration,
  cancelSeat,
  commitTogether,
  confirmSeats,
  findDrift,
  oweSync,
  releaseSeat,
  reserveSeat,
  seatKeys,
  sweepSeats,
  syncSeats,
} from "../support/registration-parts";
import { failAt, standStillAt } from "../support/stand-still";

afterEach(() => vi.restoreAllMocks());
afterAll(closeEverything);

describe("a sync", () => {
  test("keeps the holds under way, and offers no seat of theirs", async () => {
    const { anna, ben, cleo, competitionId, request } = await openStepByStep(3);
    const [first, second] = [await mustHold(request(anna)), await mustHold(request(ben))];
    await releaseSeat(first);
    await syncSeats({ competitionId });
    expect(await reserveSeat(second)).toMatchObject({ status: "held", seatNo: 2 });
    expect((await mustHold(request(anna))).seatNo).toBe(1);
    expect((await mustHold(request(cleo))).seatNo).toBe(3);
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("keeps a hold on a seat that is free below others that are taken", async () => {
    const { anna, ben, cleo, competitionId, request } = await openStepByStep(3);
    await mustHold(request(anna));
    await confirmSeats({ competitionId, seats: [await mustCommit(request(ben))] });
    await syncSeats({ competitionId });
    expect((await mustHold(request(cleo))).seatNo).toBe(3);
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("drops the hold of a registration that was committed with another seat", async () => {
    const { anna, competitionId, request } = await openStepByStep(3);
    await commitTogether([{ ...(await mustHold(request(anna))), seatNo: 3 }]);
    await syncSeats({ competitionId });
    expect(await redis().hlen(seatKeys(competitionId).attempts)).toBe(0);
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("drops a hold on a seat that Postgres has given to somebody else", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(2);
    const held = await mustHold(request(anna));
    await commitTogether([{ ...held, ...request(ben) }]);
    await syncSeats({ competitionId });
    expect(await redis().hlen(seatKeys(competitionId).attempts)).toBe(0);
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("looked at by the sweep: it frees the seats of holds that ran out", async () => {
    const { anna, competitionId, request } = await openStepByStep(1);
    await mustHold(request(anna));
    await expireHolds(competitionId);
    expect(await findDrift([competitionId])).toEqual([]);
    expect(await redis().zrange(seatKeys(competitionId).free, 0, -1)).toEqual(["1"]);
  });

  test("leaves nothing that runs out before its competition closed", async () => {
    const competitionId = await varied();
    await syncSeats({ competitionId });
    const { meta, confirmed, free, cancelled } = seatKeys(competitionId);
    for (const key of [meta, confirmed, free, cancelled]) expect(await daysLeft(key)).toBe(3);
  });
});

test("while an owed sync runs, nobody hears what Redis knew before", async () => {
  const { anna, ben, cleo, competitionId } = await openStepByStep(2);
  for (const user of [anna, ben]) await mustRegister(user, competitionId);
  await database().execute(
    "update registration set status = 'CANCELLED', seat_no = null where competition_id = ?",
    [competitionId],
  );
  oweSync(competitionId);
  const snapshot = standStillAt("sync-after-snapshot");
  const ask = (user: Person) =>
    reserveSeat({ competitionId, userId: user.id, registrationId: randomUUID() });
  const first = ask(anna);
  await snapshot.arrived;
  const second = ask(cleo);
  snapshot.goOn();
  expect([await first, await second]).toMatchObject([
    { status: "reserved" },
    { status: "reserved" },
  ]);
});

test("a sync that fails is owed: the next request makes up for it", async () => {
  const { anna, ben, cleo, competitionId, request } = await openStepByStep(2);
  for (const user of [anna, ben]) await mustRegister(user, competitionId);
  await database().execute(
    "update registration set status = 'CANCELLED', seat_no = null where competition_id = ?",
    [competitionId],
  );
  const over = failAt("sync-after-snapshot", "57P01");
  expect(await syncSeats({ competitionId })).toEqual({ status: "unavailable" });
  over();
  expect(await reserveSeat(request(cleo))).toMatchObject({ status: "reserved" });
});

describe("a sync whose snapshot grew old does not land", () => {
  type World = Awaited<ReturnType<typeof openStepByStep>>;

  const changes: [name: string, prepare: (world: World) => Promise<() => Promise<unknown>>][] = [
    [
      "after a confirmation",
      async ({ anna, competitionId, request }) => {
        const held = await mustHold(request(anna));
        return async () => {
          await commitTogether([held]);
          await confirmSeats({ competitionId, seats: [held] });
        };
      },
    ],
    [
      "after a cancellation",
      async ({ anna: user, competitionId }) => {
        await mustRegister(user, competitionId);
        return () => cancelRegistration({ actor: user, competitionId });
      },
    ],
    [
      "after a release of a seat that Postgres refused",
      async ({ anna, ben, request }) => {
        const held = await mustHold(request(anna));
        return async () => {
          await commitTogether([{ ...held, ...request(ben) }]);
          await releaseSeat({ ...held, seatRefused: true });
        };
      },
    ],
    [
      "after a newer sync",
      async ({ anna, competitionId, request }) => {
        const held = await mustHold(request(anna));
        return async () => {
          await commitTogether([held]);
          await syncSeats({ competitionId });
        };
      },
    ],
  ];

  test.each(changes)("%s", async (_, prepare) => {
    const world = await openStepByStep(3);
    const change = await prepare(world);
    const { competitionId } = world;
    const snapshot = standStillAt("sync-after-snapshot");
    const sync = syncSeats({ competitionId });
    await snapshot.arrived;
    await change();
    snapshot.goOn();
    expect(await sync).toEqual({ status: "synced" });
    expect(await findDrift([competitionId])).toEqual([]);
  });
});

/** Two with a seat, two who cancelled, and free seats on both sides of each. */
async function varied() {
  const competitionId = await openCompetition({ capacity: 6 });
  const people = await createPeople(4);
  for (const user of people) await mustRegister(user, competitionId, "key");
  for (const actor of [people[0], people[2]] as [Person, Person]) {
    await cancelRegistration({ actor, competitionId });
  }
  return competitionId;
}

describe("a sync is made again of which Redis lost, before it landed, a part of", () => {
  /** Does `lose` to the staged data of the next sync, as a wipe in the wrong moment would. */
  function beforeItLands(lose: (staged: Staged) => Promise<unknown>): void {
    const client = redis();
    const evalsha = client.evalsha.bind(client);
    vi.spyOn(client, "evalsha").mockImplementationOnce(async (...args) => {
      const [confirmed = "", free = "", cancelled = ""] = args.slice(13, 16).map(String);
      await lose({ confirmed, free, cancelled });
      return evalsha(...args);
    });
  }

  const parts: [name: string, lose: (staged: Staged) => Promise<unknown>][] = [
    [
      "the confirmed seats",
      async ({ confirmed }) =>
        redis().hdel(confirmed, (await redis().hkeys(confirmed))[0] ?? "nobody"),
    ],
    ["the free seats", ({ free }) => redis().zpopmin(free)],
    ["those who cancelled", ({ cancelled }) => redis().spop(cancelled)],
  ];

  test.each(parts)("%s", async (_, lose) => {
    const competitionId = await varied();
    beforeItLands(async (staged) => expect(await lose(staged)).toBeTruthy());
    expect(await syncSeats({ competitionId })).toEqual({ status: "synced" });
    const { confirmed, free, cancelled } = seatKeys(competitionId);
    expect(await redis().hlen(confirmed)).toBe(2);
    expect(await redis().zrange(free, 0, -1)).toEqual(["1", "3"]);
    expect(await redis().scard(cancelled)).toBe(2);
    expect(await findDrift([competitionId])).toEqual([]);
  });
});

interface Staged {
  confirmed: string;
  free: string;
  cancelled: string;
}

/** A key's time to live, to the day. */
async function daysLeft(key: string): Promise<number> {
  return Math.round((await redis().ttl(key)) / 86_400);
}

function anyoneAsksFor(competitionId: string) {
  return reserveSeat({ competitionId, userId: randomUUID(), registrationId: randomUUID() });
}

describe("a look gives an end to", () => {
  test("keys made since the last sync: two days after the competition closed", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await mustHold(request(anna));
    await findDrift([competitionId]);
    const { holds, attempts } = seatKeys(competitionId);
    expect([await daysLeft(holds), await daysLeft(attempts)]).toEqual([3, 3]);
  });

  test("what a late message left of a forgotten competition: within a minute", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    await cancelSeat(request(anna));
    await findDrift([competitionId]);
    const { version, cancelled } = seatKeys(competitionId);
    for (const key of [version, cancelled]) {
      expect(await redis().exists(key)).toBe(1);
      expect(await redis().ttl(key)).toBeGreaterThan(0);
      expect(await redis().ttl(key)).toBeLessThanOrEqual(60);
    }
  });

  test("a deleted competition: a day after the deletion, whenever it would have closed", async () => {
    const { competitionId } = await openStepByStep(2);
    await syncSeats({ competitionId });
    await database().execute("update competition set deleted_at = now() where id = ?", [
      competitionId,
    ]);
    await syncSeats({ competitionId });
    const closedAt = Number(await redis().zscore(knownCompetitionsKey(), competitionId));
    expect(closedAt).toBeLessThan(Date.now() + 3_600_000);
    expect(await daysLeft(seatKeys(competitionId).meta)).toBe(2);
  });
});

describe("a competition that does not exist", () => {
  test("is refused, and the next sweep makes Redis forget it", async () => {
    const competitionId = randomUUID();
    expect(await anyoneAsksFor(competitionId)).toEqual({ status: "not_found" });
    const keys = Object.values(seatKeys(competitionId));
    expect(await redis().exists(...keys)).toBeGreaterThan(0);
    expect((await sweepSeats()).forgotten).toBeGreaterThan(0);
    expect(await redis().exists(...keys)).toBe(0);
  });
});

describe("a competition that Redis does not know", () => {
  test("is synced twice at most, then Postgres decides alone", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const { version, ...others } = seatKeys(competitionId);
    await redis().unlink(version, ...Object.values(others));
    let snapshots = 0;
    // Something always changes between the snapshot and its landing, so that no sync succeeds.
    const end = atFailpoint("sync-after-snapshot", async () => {
      snapshots++;
      await redis().incr(version);
    });
    try {
      expect(await anyoneAsksFor(competitionId)).toEqual({ status: "unavailable" });
    } finally {
      end();
    }
    expect(snapshots).toBe(2 * 4);
  });
});
