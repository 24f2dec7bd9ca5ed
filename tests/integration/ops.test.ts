import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  deliverMail,
  listMailbox,
  type MailComposers,
  mailQueue,
  recordFailedJob,
  relayOutbox,
} from "~/domain/mail/index.server";
import { composeConfirmation, syncSeats } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { opsCommand } from "../../worker/ops/commands/command";
import { closeScheduleQueue } from "../../worker/reminder-schedule";
import { createPerson, openCompetition, wipeRedis } from "../support/fixtures";
import { closeMailAndEverything, outboxState, registerSomebody } from "../support/mail";

afterAll(async () => {
  await closeScheduleQueue();
  await closeMailAndEverything();
});

beforeEach(async () => {
  await database().execute("delete from failed_job");
  await database().execute("delete from outbox");
  await mailQueue().obliterate({ force: true });
  await wipeRedis();
});

/** Runs a command as it would be typed. */
function ops(line: string) {
  return opsCommand(line.split(" ").filter(Boolean));
}

async function opsJson(line: string) {
  const { exitCode, text } = await ops(`${line} --json`);
  return { exitCode, data: JSON.parse(text) };
}

describe("usage", () => {
  test.each([
    "",
    "nothing",
    "failed",
    "failed show",
    "failed show 7",
    "failed replay",
    `failed replay --all ${randomUUID()}`,
    "failed list --check",
    "status --all",
    "status now",
    "mail",
    "mail list --state lost",
    "mail replay",
    "reconcile 7",
    "reconcile --date 2030-01-01",
    "reminders run --date tomorrow",
    "reminders run --date 2030-02-30",
    "reminders run --date 9999-12-31",
    "reminders run --date",
    "reminders run --dry-run now",
    "doctor now",
    "reminders",
    "user role a@example.com",
    "user role a@example.com KING",
    "user role a@example.com ORGANIZER now",
    "status --quick",
    "backup",
    "restore",
    "restore file --force",
    "toString",
  ])("'%s' ends with 2 and says how", async (line) => {
    expect(await ops(line)).toEqual({ exitCode: 2, text: expect.stringContaining("Usage: ") });
  });

  test("help is no mistake", async () => {
    expect(await ops("--help")).toMatchObject({ exitCode: 0 });
  });
});

describe("status", () => {
  test("counts what runs, waits and failed", async () => {
    await registerSomebody();
    await recordFailedJob({ jobName: "x", jobId: "x-1", jobData: {}, error: "no", attempts: 4 });
    await ops("reminders run --date 2031-05-09");
    const { exitCode, data } = await opsJson("status");
    expect(exitCode).toBe(0);
    expect(data).toMatchObject({
      services: { postgres: "ok", redis: "ok" },
      outbox: { waiting: 1, enqueued: 0, deadLetters: 1 },
      queues: { mail: { waiting: 0, failed: 0 }, schedule: { waiting: 0 } },
      drift: { known: 1, drifted: [] },
      lastReminderRun: { day: "2031-05-09" },
    });
    expect((await ops("status")).text).toMatch(/postgres +ok\nredis +ok\n/);
  });

  test("shows that a queue is paused, in which nothing moves", async () => {
    onTestFinished(() => mailQueue().resume());
    await mailQueue().pause();
    expect((await opsJson("status")).data).toMatchObject({ pausedQueues: ["mail"] });
    expect((await ops("status")).text).toContain("The queue mail is paused");
    await mailQueue().resume();
    expect((await opsJson("status")).data).toMatchObject({ pausedQueues: [] });
  });
});

describe("failed jobs", () => {
  test("are listed, shown and replayed", async () => {
    const { outboxId } = await registerSomebody();
    await relayOutbox();
    await recordFailedJob({
      jobName: "registration.confirmed",
      jobId: `mail-${outboxId}-1`,
      jobData: { outboxId, generation: 1 },
      error: "no paper\nin the tray",
      attempts: 4,
    });
    const { data } = await opsJson("failed list");
    expect(data).toMatchObject([{ error: "no paper\nin the tray", attempts: 4 }]);
    const id: string = data[0].id;
    expect((await ops("failed list")).text).toMatch(/ERROR\n.*no paper\n$/);
    expect(await ops(`failed show ${id}`)).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining(`{"outboxId":"${outboxId}","generation":1}`),
    });
    expect(await opsJson(`failed replay ${id}`)).toEqual({
      exitCode: 0,
      data: { status: "replayed" },
    });
    expect(await outboxState(outboxId)).toMatchObject({ dead: false, enqueued: false });
    expect(await opsJson(`failed replay ${id}`)).toMatchObject({
      exitCode: 1,
      data: { status: "already_replayed" },
    });
    expect((await opsJson("failed list")).data).toEqual([]);
    expect((await opsJson("failed list --all")).data).toHaveLength(1);
  });

  test("are replayed all at once", async () => {
    for (let n = 0; n < 3; n++) {
      const { outboxId } = await registerSomebody();
      await relayOutbox();
      await recordFailedJob({
        jobName: "registration.confirmed",
        jobId: `mail-${outboxId}-1`,
        jobData: { outboxId, generation: 1 },
        error: "no",
        attempts: 4,
      });
    }
    expect(await opsJson("failed replay --all")).toEqual({
      exitCode: 0,
      data: { status: "replayed", replayed: 3 },
    });
    expect(await ops("failed list")).toEqual({ exitCode: 0, text: "No failed jobs.\n" });
  });

  test("that are not there are refused", async () => {
    for (const word of ["show", "replay"]) {
      expect(await opsJson(`failed ${word} ${randomUUID()}`)).toMatchObject({
        exitCode: 1,
        data: { status: "not_found" },
      });
    }
  });
});

describe("mail on its way to the SMTP server", () => {
  test("is counted, listed and replayed", async () => {
    const { outboxId, user } = await registerSomebody();
    const composers = { "registration.confirmed": composeConfirmation } as MailComposers;
    await deliverMail({ outboxId, jobId: "x", composers });
    const [{ id } = { id: "" }] = await listMailbox({ actor: user });
    expect(await ops("mail list")).toEqual({ exitCode: 0, text: "No mail.\n" });
    expect((await opsJson(`mail replay ${id}`)).data).toMatchObject({ status: "not_found" });
    await database().execute(
      `insert into mail_delivery (mail_id, state, reason, smtp_code, attempts)
       values (?, 'refused', 'recipient_refused', '550 5.1.1', 1)`,
      [id],
    );
    expect((await ops("mail list")).text).toMatch(
      new RegExp(`^ID .*\n${id} +refused +recipient_refused +550 5.1.1 +1 `),
    );
    expect((await opsJson("mail list --state unknown")).data).toEqual([]);
    const { data } = await opsJson("status");
    expect(data.smtp).toMatchObject({ queued: 0, sending: 0, refused: 1, unknown: 0 });
    expect((await ops("status")).text).toMatch(/By SMTP\n *QUEUED .*OLDEST\n/);
    expect(await opsJson(`mail replay ${id}`)).toEqual({
      exitCode: 0,
      data: { status: "replayed" },
    });
    expect((await opsJson("mail list")).data).toMatchObject([
      { mailId: id, userId: user.id, state: "queued", reason: null },
    ]);
    expect(await opsJson(`mail replay ${id}`)).toMatchObject({
      exitCode: 1,
      data: { status: "nothing_to_send" },
    });
  });
});

describe("reconcile", () => {
  test("finds what differs, exits with 1, and repairs it", async () => {
    const { competitionId } = await registerSomebody();
    const other = await openCompetition();
    await syncSeats({ competitionId: other });
    expect(await opsJson("reconcile --check")).toMatchObject({
      exitCode: 0,
      data: { status: "equal", looked: 2 },
    });
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    const check = await opsJson("reconcile --check");
    expect(check).toMatchObject({ exitCode: 1, data: { drifted: [{ competitionId }] } });
    expect(await opsJson(`reconcile ${other} --check`)).toMatchObject({ exitCode: 0 });
    expect(await opsJson(`reconcile ${competitionId} --check`)).toMatchObject({ exitCode: 1 });
    expect(await ops("reconcile --check")).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining("closing time"),
    });
    expect(await opsJson("reconcile")).toMatchObject({ exitCode: 0, data: { repaired: 1 } });
    expect(await opsJson("reconcile --check")).toMatchObject({ exitCode: 0 });
  });

  test("of an unknown competition is refused", async () => {
    expect(await opsJson(`reconcile ${randomUUID()}`)).toMatchObject({
      exitCode: 1,
      data: { status: "not_found" },
    });
  });
});

describe("reminders run", () => {
  test("orders a day's reminders, once", async () => {
    const { competitionId } = await registerSomebody();
    await database().execute(
      "update competition set start_date = '2031-05-10T09:00:00Z' where id = ?",
      [competitionId],
    );
    expect(await opsJson("reminders run --date 2031-05-09")).toEqual({
      exitCode: 0,
      data: { status: "written", day: "2031-05-09", competitions: 1, written: 1 },
    });
    expect(await ops("reminders run --date 2031-05-09")).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining("0 reminders written"),
    });
    expect(await ops("reminders run")).toMatchObject({ exitCode: 0 });
  });

  test("only counts in a dry run, and names nobody", async () => {
    const { competitionId, user } = await registerSomebody();
    const startDate = "2031-06-10T09:00:00.000Z";
    await database().execute("update competition set start_date = ? where id = ?", [
      startDate,
      competitionId,
    ]);
    const line = "reminders run --date 2031-06-09 --dry-run";
    const counts = { id: competitionId, startDate, registered: 1, toRemind: 1 };
    expect(await opsJson(line)).toEqual({
      exitCode: 0,
      data: { status: "dry_run", day: "2031-06-09", toRemind: 1, competitions: [counts] },
    });
    const { text } = await ops(line);
    expect(text).toContain(competitionId);
    expect(text).not.toContain(user.email);
    expect(text).not.toContain(user.name);
    expect(await ops("reminders run --date 2031-06-09")).toMatchObject({ exitCode: 0 });
    expect(await opsJson(line)).toMatchObject({ data: { toRemind: 0 } });
  });

  test.each(["2020-01-01", new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)])(
    "refuses %s, which is over",
    async (day) => {
      for (const more of ["", " --dry-run"]) {
        expect(await opsJson(`reminders run --date ${day}${more}`)).toMatchObject({
          exitCode: 1,
          data: { status: "day_is_over", day },
        });
      }
    },
  );
});

describe("user role", () => {
  test("changes a role, and refuses an address that nobody has", async () => {
    const { email } = await createPerson();
    expect(await opsJson(`user role ${email.toUpperCase()} organizer`)).toMatchObject({
      exitCode: 0,
      data: { user: { email, role: "ORGANIZER" } },
    });
    expect(await opsJson("user role nobody@example.com ORGANIZER")).toMatchObject({
      exitCode: 1,
      data: { status: "not_found" },
    });
  });
});

test("a Postgres that answers and does not write is not called away", async () => {
  const { email } = await createPerson();
  await database().execute(
    `create function refuse() returns trigger language plpgsql as $$
     begin raise exception 'no' using errcode = '25006'; end $$`,
  );
  onTestFinished(async () => void (await database().execute("drop function refuse cascade")));
  await database().execute(
    'create trigger refuse before update on "user" for each row execute function refuse()',
  );
  const { exitCode, data } = await opsJson(`user role ${email} ORGANIZER`);
  const message = expect.stringMatching(/database_read_only.*update user: 25006/);
  expect({ exitCode, data }).toEqual({ exitCode: 1, data: { status: "unavailable", message } });
});
