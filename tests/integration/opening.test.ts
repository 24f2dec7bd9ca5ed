import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { editCompetition, findCompetition } from "~/domain/competitions/index.server";
import { commitInTransaction } from "~/domain/registration/commit-locking";
import { cancelRegistration } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { type ApiReply, call, newCaller } from "../support/api-client";
import { eventually } from "../support/eventually";
import { confirmedSeats, createPerson, openCompetition, type Person } from "../support/fixtures";
import { mustHold, openStepByStep, type Request } from "../support/holding";
import { mustRegister } from "../support/registering";
import {
  commitTogether,
  confirmSeats,
  findDrift,
  register,
  registerWithoutRedis,
  reserveSeat,
  seatKeys,
  syncSeats,
} from "../support/registration-parts";
import { startWholeApp } from "../support/whole-app";

const HOUR_MS = 3_600_000;
const url = startWholeApp();

/** Moves an opening in Postgres alone: nobody else hears of it. */
async function opens(competitionId: string, inMs: number): Promise<Date> {
  const [row] = await database().execute<{ opens_at: Date }[]>(
    `update competition set opens_at = date_trunc('milliseconds', clock_timestamp())
       + make_interval(secs => ?) where id = ? returning opens_at`,
    [inMs / 1_000, competitionId],
  );
  return new Date(row?.opens_at ?? 0);
}

/** The same, and Redis knows. */
async function opensForAll(competitionId: string, inMs: number): Promise<Date> {
  const opensAt = await opens(competitionId, inMs);
  expect(await syncSeats({ competitionId })).toEqual({ status: "synced" });
  return opensAt;
}

const held = (request: Request, seatNo: number, epoch?: number) => {
  const reservedAt = new Date();
  return { ...request, seatNo, reservedAt, ...(epoch !== undefined && { epoch }) };
};

describe("before the opening", () => {
  test("Redis gives no seat and says when it opens; from the opening on it does", async () => {
    const { anna, competitionId, request } = await openStepByStep(2);
    const opensAt = await opensForAll(competitionId, HOUR_MS);
    const early = await reserveSeat(request(anna, "key"));
    expect(early).toEqual({ status: "not_open_yet", opensAt, inMs: expect.any(Number) });
    expect("inMs" in early && early.inMs).toBeGreaterThan(HOUR_MS - 60_000);
    await opensForAll(competitionId, -1);
    expect(await reserveSeat(request(anna, "key"))).toMatchObject({ status: "reserved" });
  });

  test("a key that came too early is the one that gets the seat, and not a moment too soon", async () => {
    const { anna: user, competitionId } = await openStepByStep(1);
    const opensAt = await opensForAll(competitionId, 400);
    const asked = { user, competitionId, idempotencyKey: "key", fingerprint: "one" };
    expect(await register(asked)).toMatchObject({ status: "not_open_yet", opensAt });
    const seat = await eventually(async () => {
      const answer = await register(asked);
      if (answer.status !== "registered") throw new Error(`told ${answer.status}`);
      return answer;
    });
    expect(seat.replayed).toBe(false);
    expect(new Date(seat.body.registeredAt).getTime()).toBeGreaterThanOrEqual(opensAt.getTime());
    expect(seat.body.competition.opensAt).toBe(opensAt.toISOString());
  });

  test("a seat stays its owner's, and their key keeps its answer", async () => {
    const { anna, ben, competitionId } = await openStepByStep(3);
    const first = await mustRegister(anna, competitionId, "key");
    await opensForAll(competitionId, HOUR_MS);
    expect(await register({ user: ben, competitionId })).toMatchObject({ status: "not_open_yet" });
    expect(await mustRegister(anna, competitionId, "key")).toEqual({ ...first, replayed: true });
    expect(await register({ user: anna, competitionId })).toEqual({ status: "already_registered" });
    expect(await cancelRegistration({ actor: anna, competitionId })).toEqual({
      status: "cancelled",
    });
    expect(await mustRegister(anna, competitionId, "key")).toEqual({ ...first, replayed: true });
    expect(await register({ user: anna, competitionId })).toMatchObject({ status: "not_open_yet" });
  });

  test("Redis says whether that is true for everybody: not where somebody holds, has or had a seat", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(3);
    const isRemembered = async () => {
      await opensForAll(competitionId, HOUR_MS);
      const asked = vi.spyOn(redis(), "evalsha");
      await reserveSeat(request(ben));
      const before = asked.mock.calls.length;
      await reserveSeat(request(ben));
      const isAsked = asked.mock.calls.length > before;
      asked.mockRestore();
      return !isAsked;
    };
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      expect(await isRemembered()).toBe(true);
      await opensForAll(competitionId, -1);
      const hold = await mustHold(request(anna, "key"));
      expect(await isRemembered()).toBe(false);
      await opensForAll(competitionId, -1);
      await commitTogether([hold]);
      await confirmSeats({ competitionId, seats: [hold] });
      expect(await isRemembered()).toBe(false);
      await cancelRegistration({ actor: anna, competitionId });
      expect(await isRemembered()).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test("Postgres gives no seat, though Redis thinks that it is open", async () => {
    const { anna: user, competitionId } = await openStepByStep(2);
    await syncSeats({ competitionId });
    const opensAt = await opens(competitionId, HOUR_MS);
    expect(await register({ user, competitionId })).toEqual({
      status: "not_open_yet",
      opensAt,
      inMs: expect.any(Number),
    });
    expect(await confirmedSeats(competitionId)).toEqual([]);
  });

  test("Postgres leaves the last two seconds to Redis' clock; without Redis its own decides", async () => {
    const { anna, ben, competitionId, request } = await openStepByStep(2);
    await opens(competitionId, 60_000);
    expect(await commitTogether([held(request(anna), 1, 0)])).toMatchObject([
      { status: "not_open_yet" },
    ]);
    // Within one transaction, whose time stands still: on a busy machine two seconds are short.
    await database().transactional(async (em) => {
      await em.execute("update competition set opens_at = now() + interval '1.9 s' where id = ?", [
        competitionId,
      ]);
      expect(await commitInTransaction(em, [held(request(ben), 2)])).toMatchObject([
        { status: "not_open_yet" },
      ]);
      expect(await commitInTransaction(em, [held(request(anna), 1, 0)])).toMatchObject([
        { status: "committed" },
      ]);
    });
    await opens(competitionId, HOUR_MS);
    expect(await registerWithoutRedis(request(ben))).toMatchObject({ status: "not_open_yet" });
    await opens(competitionId, -1);
    expect(await registerWithoutRedis(request(ben))).toMatchObject({ status: "registered" });
  });
});

describe("an organizer", () => {
  let actor: Person;
  let competitionId: string;
  beforeEach(async () => {
    actor = await createPerson("ORGANIZER");
    competitionId = await openCompetition({ organizerId: actor.id });
  });

  const edit = (changes: Parameters<typeof editCompetition>[0]["changes"]) =>
    editCompetition({ actor, id: competitionId, changes });
  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

  test("closes registration with an opening to come, and opens it again, at once", async () => {
    const user = await createPerson();
    await register({ user: await createPerson(), competitionId });
    expect(await edit({ opensAt: inHours(1) })).toMatchObject({
      status: "saved",
      competition: { state: "opens", version: 2, registrations: 1 },
    });
    // Without Redis' word Postgres would refuse as well, and seats would be held for nothing.
    expect(await findDrift([competitionId])).toEqual([]);
    expect(await register({ user, competitionId })).toMatchObject({ status: "not_open_yet" });
    expect(await edit({ opensAt: null })).toMatchObject({
      competition: { state: "open", version: 3, opensAt: null },
    });
    expect(await register({ user, competitionId })).toMatchObject({ status: "registered" });
  });
});

test("a Redis with another opening has drifted", async () => {
  const { competitionId } = await openStepByStep(1);
  await opensForAll(competitionId, HOUR_MS);
  expect(await findDrift([competitionId])).toEqual([]);
  await redis().hset(seatKeys(competitionId).meta, "opens", 0);
  const [drift] = (await findDrift([competitionId])) ?? [];
  expect(drift?.differences).toEqual([expect.stringMatching(/^opening time: 0 in Redis/)]);
});

describe("asked over HTTP", () => {
  const seats = (id: string): Promise<ApiReply> =>
    call(url(), { path: `/competitions/${id}/seats` });

  test("the API tells a program when to come back, and then accepts the same key", async () => {
    const organizer = await newCaller("ORGANIZER");
    const participant = await newCaller();
    const competitionId = await openCompetition({ organizerId: organizer.user.id });
    const path = `/api/competitions/${competitionId}`;
    const opensAt = new Date(Date.now() + HOUR_MS).toISOString();
    const patch = (json: object) =>
      call(url(), { method: "PATCH", path, token: organizer.token, json });
    expect(await patch({ opensAt })).toMatchObject({ status: 200, body: { opensAt } });
    const key: [string, string] = ["idempotency-key", randomUUID()];
    const ask = () => {
      const { token } = participant;
      return call(url(), { method: "POST", path: `${path}/register`, token, headers: [key] });
    };
    const early = await ask();
    expect(early).toMatchObject({ status: 409, body: { code: "not_open_yet", opensAt } });
    expect(Number(early.headers["retry-after"])).toBeGreaterThan(3_000);
    expect(Number(early.headers["retry-after"])).toBeLessThanOrEqual(3_600);
    await patch({ opensAt: null });
    const late = await ask();
    expect(late).toMatchObject({ status: 201, body: { competition: { opensAt: null } } });
    expect(late.headers["idempotent-replayed"]).toBeUndefined();
  });

  test("open pages are told when it opens, and to ask often until then", async () => {
    const competitionId = await openCompetition();
    const opensAt = await opens(competitionId, 30_000);
    const first = await seats(competitionId);
    expect(first.body).toMatchObject({
      state: "opens",
      opensAt: opensAt.toISOString(),
      nextMs: 1_000,
      seatsLeft: 10,
    });
    const serverTime = Date.parse(first.body.serverTime);
    expect(opensAt.getTime() - serverTime).toBeLessThanOrEqual(30_000);
    // That time goes on is no news: who has the rest is told so.
    const later = await eventually(async () => {
      const again = await seats(competitionId);
      expect(Date.parse(again.body.serverTime)).toBeGreaterThan(serverTime);
      return again;
    });
    expect(later.headers.etag).toBe(first.headers.etag);
    const far = await openCompetition();
    expect((await seats(far)).body).toMatchObject({ state: "open", opensAt: null, nextMs: 5_000 });
  });

  test("neither a kept page nor kept seats show what was before the opening", async () => {
    const competitionId = await openCompetition({ title: `Opens ${randomUUID()}` });
    const title = (await findCompetition({ id: competitionId }))?.title ?? "";
    const look = async (path: string) => {
      const askedAt = Date.now();
      const { text } = await call(url(), { path });
      return { askedAt, text };
    };
    const paths = [
      `/competitions/${competitionId}`,
      `/competitions?q=${encodeURIComponent(title)}`,
      `/competitions/${competitionId}/seats`,
    ];
    const marks = [/role="timer"/, /Opens <time|Opens <!-- --><time/, /"state":"opens"/];
    let opensAt: number;
    let before: { text: string }[];
    do {
      opensAt = (await opens(competitionId, 3_000)).getTime();
      before = await Promise.all(paths.map(look));
      // A busy machine may not have looked in time.
    } while (Date.now() >= opensAt);
    for (const [at, { text }] of before.entries()) expect(text).toMatch(marks[at] as RegExp);
    const late: string[] = [];
    await eventually(async () => {
      for (const [at, path] of paths.entries()) {
        const { askedAt, text } = await look(path);
        if (askedAt >= opensAt && marks[at]?.test(text)) late.push(path);
      }
      expect(Date.now()).toBeGreaterThan(opensAt + 100);
    });
    expect(late).toEqual([]);
  });

  test("a kept page tells each visitor what time it is, and when to load again without scripts", async () => {
    const competitionId = await openCompetition();
    await opens(competitionId, 300_000);
    const look = async () => (await call(url(), { path: `/competitions/${competitionId}` })).text;
    const timeIn = (html: string) => Number(/serverTime\\*",\\*"(\d{13})/.exec(html)?.[1]);
    const first = timeIn(await look());
    expect(Math.abs(Date.now() - first)).toBeLessThan(60_000);
    await eventually(async () => expect(timeIn(await look())).toBeGreaterThan(first));
    const reload = /<noscript><meta http-equiv="refresh" content="(\d+)"\/?><\/noscript>/i;
    expect(Number(reload.exec(await look())?.[1])).toBeGreaterThan(200);
    expect(await look()).toMatch(/Opens in [45] minutes</);
    await opens(competitionId, 3_600_000);
    await eventually(async () => expect(await look()).not.toMatch(reload));
  });
});
