import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
  deleteCompetition,
  purgeDeleted,
  removeSeatsOfDeleted,
} from "~/domain/competitions/index.server";
import { forgetDeadLetters, forgetOldMail, sweepOutbox } from "~/domain/mail/index.server";
import { cancelRegistration, forgetCancelled } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { mustRegister } from "../support/registering";

afterAll(closeEverything);

type Forget = () => Promise<{ forgotten: number }>;

/** Lets the worker forget until it finds nothing more. @returns how much it forgot */
async function forgetAll(forget: Forget): Promise<number> {
  for (let all = 0; ; ) {
    const { forgotten } = await forget();
    if (forgotten === 0) return all;
    all += forgotten;
  }
}

async function count(from: string, parameters: string[]): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    `select count(*)::int as count from ${from}`,
    parameters,
  );
  return row?.count ?? 0;
}

/** Somebody with a seat, somebody who cancelled, and three seats that are free. */
async function competitionWithPeople() {
  const [organizer] = (await createPeople(1, "ORGANIZER")) as [Person];
  const competitionId = await openCompetition({ capacity: 4, organizerId: organizer.id });
  const [stays, leaves] = (await createPeople(2)) as [Person, Person];
  await mustRegister(stays, competitionId);
  await mustRegister(leaves, competitionId);
  await cancelRegistration({ actor: leaves, competitionId });
  const left = async () => ({
    competitions: await count("competition where id = ?", [competitionId]),
    seats: await count("seat where competition_id = ?", [competitionId]),
    registrations: await count("registration where competition_id = ?", [competitionId]),
  });
  const age = async (column: string, interval: string) => {
    const [table = "", name = ""] = column.split(".");
    const key = table === "competition" ? "id" : "competition_id";
    await database().execute(
      `update ${table} set ${name} = ${name} - ?::interval where ${key} = ?`,
      [interval, competitionId],
    );
  };
  return { competitionId, organizer, stays, leaves, left, age };
}

describe("of a deleted competition", () => {
  test("the free seats are removed after ten minutes, all of it after thirty days", async () => {
    const deleted = await competitionWithPeople();
    const other = await competitionWithPeople();
    const { competitionId: id, organizer } = deleted;
    await deleteCompetition({ actor: organizer, id });
    await deleted.age("competition.deleted_at", "9 minutes");
    expect(await forgetAll(removeSeatsOfDeleted)).toBe(0);
    await deleted.age("competition.deleted_at", "1 minute");
    expect(await forgetAll(removeSeatsOfDeleted)).toBe(1);
    expect(await deleted.left()).toEqual({ competitions: 1, seats: 1, registrations: 2 });

    await deleted.age("competition.deleted_at", "29 days");
    expect(await forgetAll(purgeDeleted)).toBe(0);
    await deleted.age("competition.deleted_at", "1 day");
    expect(await forgetAll(purgeDeleted)).toBe(1);
    expect(await deleted.left()).toEqual({ competitions: 0, seats: 0, registrations: 0 });
    expect(await other.left()).toEqual({ competitions: 1, seats: 4, registrations: 2 });
  });
});

test("a cancelled registration is removed after ninety days, one that stands never", async () => {
  const { competitionId, stays, leaves, left, age } = await competitionWithPeople();
  await age("registration.updated_at", "89 days");
  expect(await forgetAll(forgetCancelled)).toBe(0);
  await age("registration.updated_at", "1 day");
  // Of somebody who is in again it stays: their calendar has heard of it.
  const leaveTo = (user: Person) =>
    database().execute(
      "update registration set user_id = ? where competition_id = ? and status = 'CANCELLED'",
      [user.id, competitionId],
    );
  await leaveTo(stays);
  expect(await forgetAll(forgetCancelled)).toBe(0);
  await leaveTo(leaves);
  // Nor of somebody who may come back.
  expect(await forgetAll(forgetCancelled)).toBe(0);
  await age("competition.reg_deadline", "1 day");
  expect(await forgetAll(forgetCancelled)).toBe(1);
  expect(await left()).toEqual({ competitions: 1, seats: 4, registrations: 1 });
});

describe("the worker forgets", () => {
  const inserted: [what: string, days: number, insert: string, forget: Forget][] = [
    [
      "mail",
      400,
      `insert into mail_box (id, user_id, "to", subject, body, html, dedupe_key, sent_at)
       values (?::uuid, (select id from "user" limit 1), '', '', '', '', ?, now() - ?::interval)`,
      forgetOldMail,
    ],
    [
      "a dead letter",
      90,
      `insert into failed_job (id, job_name, job_data, error, attempts, job_id, failed_at)
       values (?::uuid, '', '{}', '', 1, ?, now() - ?::interval)`,
      forgetDeadLetters,
    ],
    [
      "the order of a mail that left",
      30,
      `with unused as (select ?::uuid) insert into outbox (kind, payload, dedupe_key, done_at)
       values ('', '{}', ?, now() - ?::interval)`,
      sweepOutbox,
    ],
    [
      "the order of a mail that failed",
      90,
      `with unused as (select ?::uuid) insert into outbox (kind, payload, dedupe_key, dead_at)
       values ('', '{}', ?, now() - ?::interval)`,
      sweepOutbox,
    ],
  ];

  test("no mail that has yet to be sent", async () => {
    const [{ id: userId }] = (await createPeople(1)) as [Person];
    const id = randomUUID();
    await database().execute(
      `with mail as (
         insert into mail_box (id, user_id, "to", subject, body, html, dedupe_key, sent_at)
         values (?, ?, '', '', '', '', ?, now() - interval '401 days') returning id)
       insert into mail_delivery (mail_id, state) select id, 'queued' from mail`,
      [id, userId, randomUUID()],
    );
    expect(await forgetAll(forgetOldMail)).toBe(0);
    await database().execute("update mail_delivery set state = 'sent' where mail_id = ?", [id]);
    expect(await forgetAll(forgetOldMail)).toBe(1);
  });

  test.each(inserted)("%s after %i days, and not sooner", async (_what, days, insert, forget) => {
    await createPeople(1);
    const ofAge = (age: string) => database().execute(insert, [randomUUID(), randomUUID(), age]);
    await ofAge(`${days - 1} days 23 hours`);
    expect(await forgetAll(forget)).toBe(0);
    await ofAge(`${days} days 1 minute`);
    expect(await forgetAll(forget)).toBe(1);
  });
});
