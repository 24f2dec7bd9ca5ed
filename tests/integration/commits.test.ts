import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  COMPETITION_COLUMNS_SQL,
  COMPETITION_JSON_SQL,
  type CompetitionRow,
  toCompetitionColumns,
} from "~/domain/competitions/columns.sql";
import { cancelRegistration } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  openCompetition,
} from "../support/fixtures";
import { mustCommit, openStepByStep, type Request } from "../support/holding";
import { mustRegister } from "../support/registering";
import { commitTogether, registerWithoutRedis } from "../support/registration-parts";
import { standStillAt } from "../support/stand-still";

afterAll(closeEverything);

/** What Postgres gives to a request, whatever Redis would say. */
function onSeat(request: Omit<Request, "userId">, seatNo: number) {
  return { ...request, seatNo, reservedAt: new Date() };
}

async function statuses(requests: ReturnType<typeof onSeat>[]): Promise<string[]> {
  return (await commitTogether(requests)).map(({ status }) => status);
}

describe("a batch commits", () => {
  test("one of two registrations for the same seat", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(2);
    const batch = [onSeat(request(anna), 1), onSeat(request(ben), 1)];
    expect((await statuses(batch)).sort()).toEqual(["committed", "seat_taken"]);
    expect(await confirmedSeats(competitionId)).toHaveLength(1);
  });

  test("the neighbour of one whose seat does not exist", async () => {
    const { anna, ben, request } = await openStepByStep(2);
    const batch = [onSeat(request(anna), 3), onSeat(request(ben), 2)];
    expect(await statuses(batch)).toEqual(["seat_taken", "committed"]);
  });

  test("nothing under a key that has its answer, not even after a cancellation", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    const first = await mustCommit(request(anna, "key"));
    await cancelRegistration({ actor: anna, competitionId });
    const [again] = await commitTogether([onSeat(request(anna, "key"), 2)]);
    expect(again).toEqual({ status: "replayed", body: JSON.parse(first.answer) });
    expect(await confirmedSeats(competitionId)).toEqual([]);
  });

  test("nothing after the deadline, and nothing of a deleted competition", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    const set = (change: string) =>
      database().execute(`update competition set ${change} where id = ?`, [competitionId]);
    await set("reg_deadline = now()");
    expect(await statuses([onSeat(request(anna), 1)])).toEqual(["deadline_passed"]);
    await set("reg_deadline = now() + interval '1 day', deleted_at = now()");
    expect(await statuses([onSeat(request(anna), 1)])).toEqual(["not_found"]);
  });

  test("the same people as another batch in another order, without a deadlock", async () => {
    const people = await createPeople(60);
    for (let round = 0; round < 3; round++) {
      const competitionId = await openCompetition({ capacity: 2 * people.length });
      const batch = people.map((user, at) => {
        return onSeat({ registrationId: randomUUID(), user, competitionId }, at + 1);
      });
      const others = people.map((user, at) => {
        const request = { registrationId: randomUUID(), user, competitionId };
        return onSeat(request, people.length + at + 1);
      });
      const both = await Promise.all([statuses(batch), statuses(others.reverse())]);
      expect(both.flat().sort()).toEqual([
        ...people.map(() => "already_registered"),
        ...people.map(() => "committed"),
      ]);
    }
  });

  test("somebody who cancelled before, and says that a taken seat is taken", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(2);
    await mustCommit(request(anna));
    await cancelRegistration({ actor: anna, competitionId });
    expect(await statuses([onSeat(request(ben), 1)])).toEqual(["committed"]);
    expect(await statuses([onSeat(request(anna), 1)])).toEqual(["seat_taken"]);
    expect(await statuses([onSeat(request(anna), 2)])).toEqual(["committed"]);
  });
});

test("a key counts for one competition: for another it is a new key", async () => {
  const { anna, competitionId } = await openStepByStep(2);
  const first = await mustRegister(anna, competitionId, "key");
  const second = await mustRegister(anna, await openCompetition(), "key");
  expect(second).toMatchObject({ replayed: false });
  expect(second.body.competitionId).not.toBe(first.body.competitionId);
});

test("what Postgres says of a competition is what the product says of it, byte for byte", async () => {
  const competitionId = await openCompetition({ title: 'A "quoted" title, 50 % \\ off' });
  await database().execute(
    `update competition set description = ?, tags = array[?, ?], start_date = null where id = ?`,
    ["Two\nlines,\ta tab, ünï 🎉 </script>\u2028", "one, two", '"three"', competitionId],
  );
  const [row] = await database().execute<(CompetitionRow & { said: string })[]>(
    `select ${COMPETITION_COLUMNS_SQL}, ${COMPETITION_JSON_SQL}::text as said
       from competition c where id = ?`,
    [competitionId],
  );
  if (!row) throw new Error("there is one");
  expect(JSON.stringify(JSON.parse(row.said))).toBe(JSON.stringify(toCompetitionColumns(row)));
});

test("nothing is written outside a transaction, where nobody holds the lock", async () => {
  const { anna, competitionId, request } = await openStepByStep(1);
  const real = Client.prototype.query as (...args: unknown[]) => unknown;
  vi.spyOn(Client.prototype, "query").mockImplementation(function (
    this: Client,
    ...args: unknown[]
  ) {
    const [{ text }] = args as [{ text: string }];
    if (text !== "begin") return real.apply(this, args);
    return Promise.reject(new Error("Query read timeout"));
  });
  const failing = commitTogether([onSeat(request(anna), 1)]);
  await expect(failing).rejects.toThrow("Query read timeout");
  vi.restoreAllMocks();
  expect(await confirmedSeats(competitionId)).toEqual([]);
});

describe("without Redis", () => {
  test("each gets a seat of their own, then everybody is told that it is full", async () => {
    const { anna, ben, cleo, request } = await openStepByStep(2);
    for (const [user, seatNo] of [
      [anna, 1],
      [ben, 2],
    ] as const) {
      expect(await registerWithoutRedis(request(user))).toMatchObject({ body: { seatNo } });
    }
    expect(await registerWithoutRedis(request(cleo))).toEqual({ status: "competition_full" });
  });

  test("a seat that is just being claimed is passed over", async () => {
    const { anna, ben, request } = await openStepByStep(2);
    const slow = standStillAt("register-before-commit");
    const first = registerWithoutRedis(request(anna));
    await slow.arrived;
    const second = await registerWithoutRedis(request(ben)).finally(slow.goOn);
    expect(second).toMatchObject({ body: { seatNo: 2 } });
    expect(await first).toMatchObject({ body: { seatNo: 1 } });
  });

  test("nobody is told that it is full while the last seat is still being claimed", async () => {
    const { anna, ben, request } = await openStepByStep(1);
    const slow = standStillAt("register-before-commit");
    const first = registerWithoutRedis(request(anna));
    await slow.arrived;
    const second = await registerWithoutRedis(request(ben)).finally(slow.goOn);
    expect(second).toEqual({ status: "unavailable", retryAfterSeconds: 1 });
    await first;
  });
});
