import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CompetitionInput,
  createCompetition,
  deleteCompetition,
  editCompetition,
} from "~/domain/competitions/index.server";
import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import { call, competitionInput, newCaller } from "../support/api-client";
import { startApiServers } from "../support/api-servers";
import { closeEverything, createPerson, type Person } from "../support/fixtures";

const urlOf = startApiServers();
const DAY_SECONDS = 24 * 3600;
let actor: Person;

beforeEach(async () => {
  Object.assign(env(), {
    RATE_LIMITS: "on",
    ORGANIZER_COMPETITIONS_A_DAY: 3,
    ORGANIZER_SEATS: 10,
  });
  actor = await createPerson("ORGANIZER");
});
afterEach(() => {
  env().RATE_LIMITS = "off";
});
afterAll(closeEverything);

async function create(changes: Partial<CompetitionInput> = {}): Promise<string> {
  const regDeadline = new Date(Date.now() + DAY_SECONDS * 1000);
  const dates = { opensAt: null, startDate: null };
  const input = { title: "T", description: "D", tags: [], capacity: 1, ...dates };
  const made = await createCompetition({
    actor,
    input: { ...input, regDeadline, ...changes },
  });
  return made.id;
}

const edit = (id: string, changes: Partial<CompetitionInput>) =>
  editCompetition({ id, actor, changes });
const TOO_MANY_SEATS = { code: "conflict", details: { fields: [{ field: "capacity" }] } };

/** How many of these were done; the others must have been refused like this. */
async function done(attempts: Promise<unknown>[], refusal: object): Promise<number> {
  const outcomes = await Promise.allSettled(attempts);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  for (const { reason } of refused) expect(reason).toMatchObject(refusal);
  return outcomes.length - refused.length;
}

describe("an organizer", () => {
  test("creates a limited number of competitions within 24 hours, however many at once", async () => {
    const attempts = Array.from({ length: 6 }, () => create());
    expect(await done(attempts, { code: "rate_limited" })).toBe(3);
    await expect(create()).rejects.toMatchObject({
      details: { retryAfterSeconds: expect.closeTo(DAY_SECONDS, -2) },
    });
    actor = await createPerson("ORGANIZER");
    await create();
  });

  test("gets no new one for one that was deleted, and tomorrow new ones for today's", async () => {
    const ids = [await create(), await create(), await create()];
    await deleteCompetition({ id: ids[0] ?? "", actor });
    await expect(create()).rejects.toMatchObject({ code: "rate_limited" });
    const yesterday =
      "update competition set created_at = now() - interval '24 hours' where id = ?";
    await database().execute(yesterday, [ids[0]]);
    await create();
  });

  test("has a limited number of seats in all upcoming competitions, however many at once", async () => {
    const attempts = [create({ capacity: 6 }), create({ capacity: 6 })];
    expect(await done(attempts, TOO_MANY_SEATS)).toBe(1);
    const id = await create({ capacity: 4 });
    await expect(edit(id, { capacity: 5 })).rejects.toMatchObject(TOO_MANY_SEATS);
    expect(await edit(id, { capacity: 4, title: "Other" })).toMatchObject({ status: "saved" });
    await deleteCompetition({ id, actor });
    await create({ capacity: 4 });
  });

  test("changes several competitions at the same moment", async () => {
    const ids = [await create({ capacity: 2 }), await create({ capacity: 2 })];
    const edits = ids.map((id) => edit(id, { capacity: 5 }));
    expect(await Promise.all(edits)).toMatchObject(ids.map(() => ({ status: "saved" })));
  });

  test("gets them back when a competition is over, unless it is moved", async () => {
    const id = await create({ capacity: 10 });
    await expect(create()).rejects.toMatchObject(TOO_MANY_SEATS);
    const over = "update competition set reg_deadline = now() - interval '1 day' where id = ?";
    await database().execute(over, [id]);
    const next = await create({ capacity: 1 });
    const regDeadline = new Date(Date.now() + DAY_SECONDS * 1000);
    await expect(edit(id, { regDeadline })).rejects.toMatchObject(TOO_MANY_SEATS);
    await deleteCompetition({ id: next, actor });
    expect(await edit(id, { regDeadline })).toMatchObject({ status: "saved" });
  });

  test("gets none back while a competition that has started still takes people", async () => {
    const startDate = new Date(Date.now() - DAY_SECONDS * 1000);
    await create({ capacity: 10, startDate, lateEntry: true });
    await expect(create()).rejects.toMatchObject(TOO_MANY_SEATS);
  });

  test("has no quota with RATE_LIMITS=off", async () => {
    env().RATE_LIMITS = "off";
    for (let n = 0; n < 4; n++) await create({ capacity: 10 });
  });
});

test("the API says which quota is used up", async () => {
  const { token } = await newCaller("ORGANIZER");
  const send = (changes: object) => {
    const json = competitionInput({ title: randomUUID(), ...changes });
    return call(urlOf("the Express entry"), {
      method: "POST",
      path: "/api/competitions",
      token,
      json,
    });
  };
  const seats = await send({ capacity: 11 });
  expect(seats.status).toBe(409);
  expect(seats.body).toMatchObject({ code: "conflict", errors: [{ field: "capacity" }] });
  for (let n = 0; n < 3; n++) expect((await send({ capacity: 1 })).status).toBe(201);
  const today = await send({ capacity: 1 });
  expect(today.status).toBe(429);
  expect(today.body.code).toBe("rate_limited");
  expect(Number(today.headers["retry-after"])).toBeGreaterThan(DAY_SECONDS - 600);
});
