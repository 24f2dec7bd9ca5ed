import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelRegistration } from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import type { GuardName } from "../faults/guards";
import { importWithout } from "../faults/guards/sources";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { expireHolds } from "../support/holds";
import { mustJoin, openFull, standings } from "../support/line";
import * as guarded from "../support/registration-parts";
import { commitTogether, register, syncSeats } from "../support/registration-parts";
import type { Capacity as Parts } from "../support/seat-world";

afterAll(closeEverything);
// Each schedule is the test's alone.
beforeAll(() => {
  atFailpoint("see-to-line-later", () => new Promise(() => {}));
});

function without(guard: GuardName): Promise<Parts> {
  return importWithout<Parts>(guard, "tests/support/registration-parts.ts");
}

const requestOf = (user: Person, competitionId: string) => ({
  competitionId,
  userId: user.id,
  user,
  registrationId: randomUUID(),
});

/** Decides in Redis that somebody gets a number in line; their request stalls before its commit. */
async function decide(parts: Parts, user: Person, competitionId: string) {
  const request = { ...requestOf(user, competitionId), wantsLine: true };
  const decision = await parts.reserveSeat(request);
  if (decision.status !== "queued") throw new Error(`expected a place, got ${decision.status}`);
  const { status: _, ...place } = decision;
  return { ...request, ...place };
}

describe("a seat whose hold runs out while somebody waits", () => {
  async function walkIn(parts: Parts) {
    const { competitionId, people, seated } = await openFull();
    const [anna, ben, cleo] = people;
    await cancelRegistration({ actor: seated[0] ?? anna, competitionId });
    await parts.reserveSeat(requestOf(ben, competitionId));
    await mustJoin(anna, competitionId);
    await expireHolds(competitionId);
    return parts.register({ user: cleo, competitionId });
  }

  test("does not go to a walk-in", async () => {
    expect(await walkIn(guarded)).toEqual({ status: "competition_full" });
  });

  test("would go to a walk-in, if nothing were owed to the line", async () => {
    expect(await walkIn(await without("owed"))).toMatchObject({ status: "registered" });
  });
});

describe("a seat that Redis gave after somebody had joined", () => {
  /** Anna waits with number 1, and there is a seat that Redis has not heard of. */
  async function commit(parts: Parts, { issued }: { issued: number }) {
    const { competitionId, people } = await openFull();
    const [anna, ben] = people;
    await mustJoin(anna, competitionId);
    await database().execute("insert into seat (competition_id, seat_no) values (?, 2)", [
      competitionId,
    ]);
    const held = { ...requestOf(ben, competitionId), seatNo: 2, reservedAt: new Date() };
    const [outcome] = await parts.commitTogether([{ ...held, issued }]);
    return outcome?.status;
  }

  test("is not committed, though one that was given earlier is", async () => {
    expect(await commit(guarded, { issued: 1 })).toBe("seat_taken");
    expect(await commit(guarded, { issued: 0 })).toBe("committed");
  });

  test("would be committed, if Postgres did not look for people who wait", async () => {
    const unguarded = await without("no-overtaking");
    expect(await commit(unguarded, { issued: 1 })).toBe("committed");
  });
});

describe("a place that was dropped because its request stalled", () => {
  /** Anna decides before Ben, who is told his place after hers was dropped. */
  async function lateCommit(parts: Parts) {
    const { competitionId, people } = await openFull();
    const [anna, ben] = people;
    const stalled = await decide(parts, anna, competitionId);
    await mustJoin(ben, competitionId);
    await expireHolds(competitionId);
    await parts.syncSeats({ competitionId });
    const before = await standings([ben], competitionId);
    await parts.commitTogether([stalled]);
    await parts.syncSeats({ competitionId });
    return [...before, ...(await standings([ben], competitionId))];
  }

  test("does not come back before those who were told theirs", async () => {
    expect(await lateCommit(guarded)).toEqual(["place 1", "place 1"]);
  });

  test("would, if its number could still be committed", async () => {
    expect(await lateCommit(await without("line-base"))).toEqual(["place 1", "place 2"]);
  });

  test("would stay in line for ever, if numbers were never made void", async () => {
    const parts = await without("ghosts-dropped");
    const { competitionId, people } = await openFull();
    const [anna, ben] = people;
    await decide(parts, anna, competitionId);
    await mustJoin(ben, competitionId);
    await expireHolds(competitionId);
    await parts.syncSeats({ competitionId });
    expect(await standings([ben], competitionId)).toEqual(["place 2"]);
  });
});

describe("who joins without Redis while somebody is joining with it", () => {
  async function bothJoin(parts: Parts) {
    const { competitionId, people } = await openFull();
    const [anna, ben] = people;
    const stalled = await decide(guarded, anna, competitionId);
    const request = { ...requestOf(ben, competitionId), wantsLine: true };
    expect(await parts.registerWithoutRedis(request)).toMatchObject({ status: "waiting" });
    await commitTogether([stalled]);
    await syncSeats({ competitionId });
    return standings([ben], competitionId);
  }

  test("keeps the place that they were told", async () => {
    expect(await bothJoin(guarded)).toEqual(["place 1"]);
  });

  test("would move back, if lower numbers could still be committed", async () => {
    expect(await bothJoin(await without("line-apart"))).toEqual(["place 2"]);
  });
});

describe("a request that is refused because an earlier one of the same person came through", () => {
  async function refused(parts: Parts) {
    const competitionId = await openCompetition({ capacity: 1, waitlistLimit: 5 });
    const [first, anna, ben] = (await createPeople(3)) as [Person, Person, Person];
    await register({ user: first, competitionId });
    const early = await decide(parts, anna, competitionId);
    await expireHolds(competitionId);
    const late = await decide(parts, anna, competitionId);
    expect(late.lineNo).toBe(early.lineNo);
    await mustJoin(ben, competitionId);
    await parts.commitTogether([early]);
    expect(await parts.commitTogether([late])).toEqual([{ status: "already_waiting" }]);
    await parts.releaseSeat({ ...late, seatRefused: true });
    return standings([ben], competitionId);
  }

  test("leaves the place alone", async () => {
    expect(await refused(guarded)).toEqual(["place 2"]);
  });

  test("would take it away for a moment, if it did not stay until the next sync", async () => {
    expect(await refused(await without("refused-join-stays"))).toEqual(["place 1"]);
  });
});
