import "../support/faults-on";
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test, vi } from "vitest";
import { register, syncSeats } from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import type { GuardName } from "../faults/guards";
import { importWithout } from "../faults/guards/sources";
import { eventually } from "../support/eventually";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { mustRegister } from "../support/registering";
import { reserveSeat } from "../support/registration-parts";

afterAll(closeEverything);

type Registration = typeof import("~/domain/registration/index.server");

function registrationWithout(guard: GuardName): Promise<Registration> {
  return importWithout<Registration>(guard, "app/domain/registration/index.server.ts");
}

/** The path without Redis, in modules of its own: another process, of which this one knows nothing. */
async function withoutRedis(request: { user: Person; competitionId: string; key: string }) {
  vi.resetModules();
  const { registerWithoutRedis } = await import("~/domain/registration/without-redis");
  const { key, ...attempt } = request;
  const idempotency = { key, fingerprint: "" };
  return registerWithoutRedis({ ...attempt, idempotency, registrationId: randomUUID() });
}

describe("one request, sent twice at the same moment to two processes, while", () => {
  /**
   * Redis takes the person for registered, as after a cancellation that it has not heard of. The
   * copy commits right after this process has looked for an answer.
   */
  async function twinsBesideAnOldRegistration({ register }: Pick<Registration, "register">) {
    const competitionId = await openCompetition({ capacity: 3 });
    const [user] = (await createPeople(1)) as [Person];
    await mustRegister(user, competitionId);
    await database().execute(
      "update registration set status = 'CANCELLED', seat_no = null where user_id = ?",
      [user.id],
    );
    let copy: unknown;
    const over = atFailpoint("register-after-read", async () => {
      over();
      copy = await withoutRedis({ user, competitionId, key: "a-key" });
    });
    const answer = await register({ user, competitionId, idempotencyKey: "a-key" });
    expect(copy).toMatchObject({ status: "registered", replayed: false });
    return { answer, copy };
  }

  test("Redis has an old registration of theirs: both hear of the new one", async () => {
    const { answer, copy } = await twinsBesideAnOldRegistration({ register });
    expect(answer).toEqual({ ...Object(copy), replayed: true });
  });

  test("and would hear two things if the key and the person were read one after the other", async () => {
    const unguarded = await registrationWithout("one-snapshot");
    const { answer } = await twinsBesideAnOldRegistration(unguarded);
    expect(answer).toEqual({ status: "already_registered" });
  });

  /** Redis takes all seats for held, while the copy stands before its commit in another process. */
  async function twinsBesideHolds({ register }: Pick<Registration, "register">) {
    const competitionId = await openCompetition({ capacity: 2 });
    const [user, other, ...rivals] = (await createPeople(4)) as [Person, Person, ...Person[]];
    await syncSeats({ competitionId });
    await withoutRedis({ user: other, competitionId, key: "other" });
    for (const { id: userId } of rivals) {
      await reserveSeat({ competitionId, userId, registrationId: randomUUID() });
    }
    let answered: Promise<unknown> = Promise.resolve();
    const over = atFailpoint("register-before-commit", async () => {
      over();
      let isOver = false;
      answered = register({ user, competitionId, idempotencyKey: "a-key" }).finally(() => {
        isOver = true;
      });
      await eventually(async () => expect(isOver || (await isSomebodyWaiting())).toBe(true));
    });
    const copy = await withoutRedis({ user, competitionId, key: "a-key" });
    expect(copy).toMatchObject({ status: "registered" });
    return { answer: await answered, copy };
  }

  async function isSomebodyWaiting(): Promise<boolean> {
    const rows = await database().execute<unknown[]>(
      `select 1 from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like '%for update'`,
    );
    return rows.length > 0;
  }

  test("others hold every seat in Redis: both hear of the seat that one of them gets", async () => {
    const { answer, copy } = await twinsBesideHolds({ register });
    expect(answer).toEqual({ ...Object(copy), replayed: true });
  });

  test("and would hear two things if nobody waited for the commit under way", async () => {
    const { answer } = await twinsBesideHolds(await registrationWithout("own-commits"));
    expect(answer).toEqual({ status: "competition_full" });
  });

  test("one claims the last seat, both without Redis: the other is not told that it is full", async () => {
    const competitionId = await openCompetition({ capacity: 2 });
    const [user, first] = (await createPeople(2)) as [Person, Person];
    // With it what answers say of the competition is stored, which the two would wait for else.
    await withoutRedis({ user: first, competitionId, key: "first" });
    const request = { user, competitionId, key: "a-key" };
    let other: Promise<unknown> = Promise.resolve();
    let copy: Promise<unknown> = Promise.resolve();
    await new Promise<void>((looked) => {
      const claimed = atFailpoint("register-before-commit", async () => {
        claimed();
        other = withoutRedis(request);
        await new Promise<void>((asks) => {
          // It found no seat to claim; the last one is committed before it counts.
          const full = atFailpoint("register-before-full", async () => {
            full();
            asks();
            await copy;
            looked();
          });
        });
      });
      copy = withoutRedis(request);
    });
    expect(await copy).toMatchObject({ status: "registered" });
    expect(await other).toEqual({ status: "unavailable", retryAfterSeconds: expect.any(Number) });
    expect(await withoutRedis(request)).toEqual({ ...Object(await copy), replayed: true });
  });
});
