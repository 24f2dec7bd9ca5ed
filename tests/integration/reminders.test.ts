import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { deliverMail, listMailbox } from "~/domain/mail/index.server";
import { cancelRegistration, composeConfirmation } from "~/domain/registration/index.server";
import {
  composeReminder,
  findLastReminderRun,
  reminderWindow,
  writeReminders,
} from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { closeScheduleQueue, ensureReminders, scheduleQueue } from "../../worker/reminder-schedule";
import { createPeople, openCompetition, unhurried, wipeRedis } from "../support/fixtures";
import { closeMailAndEverything, outboxIdOf, registerSomebody } from "../support/mail";

/** The day of the run; reminders are for competitions of the next day. */
const date = new Date("2031-05-09T15:30:00Z");
const tomorrow = "2031-05-10T09:00:00Z";

beforeEach(async () => {
  await database().execute("delete from outbox");
  await database().execute("update competition set start_date = null");
});

afterAll(async () => {
  await closeScheduleQueue();
  await closeMailAndEverything();
});

describe("the window", () => {
  test("is from now until tomorrow has ended, in UTC", () => {
    for (const time of ["00:00:00.000", "15:30:00.000", "23:59:59.999"]) {
      expect(reminderWindow(new Date(`2031-12-31T${time}Z`))).toEqual({
        from: new Date(`2031-12-31T${time}Z`),
        to: new Date("2032-01-02T00:00:00Z"),
      });
    }
  });

  test.each([
    ["2031-05-09T15:29:59.999Z", 0],
    ["2031-05-09T15:30:00.001Z", 1],
    ["2031-05-09T23:59:59.999Z", 1],
    ["2031-05-10T00:00:00Z", 1],
    ["2031-05-10T23:59:59.999Z", 1],
    ["2031-05-11T00:00:00Z", 0],
  ])("a competition that starts at %s is reminded of %i times", async (start, times) => {
    const { competitionId } = await registerSomebody();
    await startAt(competitionId, start);
    expect(await writeReminders({ date })).toEqual({ competitions: times, written: times });
  });
});

describe("reminders", () => {
  test("say when it starts, and which seat is whose", async () => {
    const { user, competitionId, registrationId } = await registerSomebody({
      title: "Hack & Tell",
    });
    await startAt(competitionId, tomorrow);
    await writeReminders({ date });
    expect(await deliverReminder(registrationId, tomorrow)).toEqual({ status: "delivered" });
    const [mail] = await listMailbox({ actor: user });
    expect(mail?.subject).toBe("Reminder: Hack & Tell starts Sat 10 May 2031, 09:00 UTC");
    expect(mail?.body).toMatch(/Your seat: +1\n/);
    expect(mail?.body).toContain(`/competitions/${competitionId}`);
  });

  test("are written once, by two runs at once and by a third", async () => {
    const competitionId = await openCompetition({ capacity: 60 });
    await confirmMany(competitionId, 60);
    await startAt(competitionId, tomorrow);
    const runs = await Promise.all([writeReminders({ date }), writeReminders({ date })]);
    expect(runs.reduce((sum, { written }) => sum + written, 0)).toBe(60);
    expect(await writeReminders({ date })).toEqual({ competitions: 1, written: 0 });
    expect(await reminderRows()).toBe(60);
  });

  test("are written page by page, for everybody", async () => {
    const competitionId = await openCompetition({ capacity: 4_321 });
    await confirmMany(competitionId, 4_321);
    await startAt(competitionId, tomorrow);
    expect(await writeReminders({ date })).toEqual({ competitions: 1, written: 4_321 });
    expect(await reminderRows()).toBe(4_321);
  });

  test("come again for a start that moved, and not for the old one", async () => {
    const { competitionId, registrationId, user } = await registerSomebody();
    await startAt(competitionId, tomorrow);
    await writeReminders({ date });
    const moved = "2031-05-12T10:00:00Z";
    await startAt(competitionId, moved);
    expect(await deliverReminder(registrationId, tomorrow)).toEqual({ status: "nothing_to_send" });
    const later = new Date("2031-05-11T00:00:00Z");
    expect(await writeReminders({ date: later })).toEqual({ competitions: 1, written: 1 });
    expect(await deliverReminder(registrationId, moved)).toEqual({ status: "delivered" });
    expect(await listMailbox({ actor: user })).toHaveLength(1);
    // Moved back: the first mail was composed while that was not the start, so nobody has heard of it.
    await startAt(competitionId, tomorrow);
    expect(await writeReminders({ date })).toEqual({ competitions: 1, written: 1 });
    expect(await deliverReminder(registrationId, tomorrow)).toEqual({ status: "delivered" });
    expect(await writeReminders({ date })).toEqual({ competitions: 1, written: 0 });
    expect(await listMailbox({ actor: user })).toHaveLength(2);
  });

  test("come late for a start that was moved near, and after a day without a worker", async () => {
    const moved = await registerSomebody();
    await startAt(moved.competitionId, "2031-06-10T09:00:00Z");
    expect(await writeReminders({ date })).toEqual({ competitions: 0, written: 0 });
    await startAt(moved.competitionId, tomorrow);
    const hourLater = new Date("2031-05-09T16:30:00Z");
    expect(await writeReminders({ date: hourLater })).toEqual({ competitions: 1, written: 1 });

    const missed = await registerSomebody();
    await startAt(missed.competitionId, tomorrow);
    const onTheDay = new Date("2031-05-10T07:00:00Z");
    expect(await writeReminders({ date: onTheDay })).toEqual({ competitions: 2, written: 1 });
  });

  test("never announce what has begun, however late their mail is", async () => {
    const { competitionId, registrationId } = await registerSomebody();
    const start = new Date(Date.now() - 1_000).toISOString();
    await startAt(competitionId, start);
    await writeReminders({ date: new Date(Date.now() - 60_000) });
    expect(await deliverReminder(registrationId, start)).toEqual({ status: "nothing_to_send" });
  });

  test("do not go to people who cancelled, nor for what was deleted", async () => {
    const cancelled = await registerSomebody();
    await cancelRegistration({
      actor: cancelled.user,
      competitionId: cancelled.competitionId,
    });
    const deleted = await registerSomebody();
    for (const { competitionId } of [cancelled, deleted]) await startAt(competitionId, tomorrow);
    await writeReminders({ date });
    await database().execute("update competition set deleted_at = now() where id = ?", [
      deleted.competitionId,
    ]);
    expect(await reminderRows()).toBe(1);
    expect(await deliverReminder(deleted.registrationId, tomorrow)).toEqual({
      status: "nothing_to_send",
    });
    expect(await writeReminders({ date })).toEqual({ competitions: 1, written: 0 });
  });

  test("remember their last run", async () => {
    await writeReminders({ date });
    expect(await findLastReminderRun()).toMatchObject({ day: "2031-05-09", written: 0 });
  });
});

describe("the schedule", () => {
  afterEach(() => scheduleQueue().obliterate({ force: true }));

  test("is every hour, and back a tick after Redis was flushed", async () => {
    await ensureReminders();
    await wipe();
    expect(await scheduleQueue().getJobSchedulersCount()).toBe(0);
    await ensureReminders();
    const [scheduler, ...more] = await scheduleQueue().getJobSchedulers();
    expect(more).toEqual([]);
    expect(scheduler).toMatchObject({ pattern: "0 * * * *", tz: "UTC" });
    expect(new Date(scheduler?.next ?? 0).toISOString()).toMatch(/:00:00.000Z$/);
  });

  test("of the previous release becomes this one", async () => {
    await wipe();
    const daily = { pattern: "0 0 * * *", tz: "UTC" };
    await scheduleQueue().upsertJobScheduler("daily-reminders", daily, { name: "write-reminders" });
    await ensureReminders();
    expect(await scheduleQueue().getJobSchedulers()).toMatchObject([{ pattern: "0 * * * *" }]);
  });

  test("runs now if it has not run this hour, once", async () => {
    await wipe();
    await ensureReminders();
    await ensureReminders();
    expect(await scheduleQueue().getWaitingCount()).toBe(1);
    await scheduleQueue().drain();
    await writeReminders();
    await ensureReminders();
    expect(await scheduleQueue().getWaitingCount()).toBe(0);
  });
});

async function wipe(): Promise<void> {
  await scheduleQueue().obliterate({ force: true });
  for (const { key } of await scheduleQueue().getJobSchedulers()) {
    await scheduleQueue().removeJobScheduler(key);
  }
  await wipeRedis();
}

async function startAt(competitionId: string, start: string): Promise<void> {
  await database().execute("update competition set start_date = ? where id = ?", [
    start,
    competitionId,
  ]);
}

async function deliverReminder(registrationId: string, start: string) {
  const startDate = new Date(start).toISOString();
  return deliverMail({
    outboxId: await outboxIdOf(`reminder:${registrationId}:${startDate}`),
    jobId: "a-job",
    composers: {
      "registration.confirmed": composeConfirmation,
      "registration.reminder": composeReminder,
    },
  });
}

async function reminderRows(): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    "select count(*)::int as count from outbox where kind = 'registration.reminder'",
  );
  return row?.count ?? 0;
}

/** Confirmed registrations, written into Postgres directly. */
async function confirmMany(competitionId: string, count: number): Promise<void> {
  const ids = (await createPeople(count)).map(({ id }) => id);
  await unhurried(
    `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
     select gen_random_uuid(), ?::uuid, id::uuid, 'CONFIRMED', seat, now()
       from json_array_elements_text(?::json) with ordinality as t(id, seat)`,
    [competitionId, JSON.stringify(ids)],
  );
}
