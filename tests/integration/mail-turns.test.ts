import "../support/faults-on";
// It sets SMTP_URL for what follows.
import "../support/smtp-server";

import { afterAll, beforeEach, expect, test } from "vitest";
import {
  closeSmtp,
  deliverMail,
  listMailbox,
  type MailComposers,
  measureOutbox,
  relayOutbox,
  sweepTurns,
} from "~/domain/mail/index.server";
import {
  cancelRegistration,
  composeConfirmation,
  composeJoined,
  register,
} from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";
import { env } from "~/platform/env";
import { atFailpoint } from "~/platform/failpoint";
import { database } from "~/platform/orm";
import { createPerson, openCompetition, type Person } from "../support/fixtures";
import { mustJoin, openFull } from "../support/line";
import { closeMailAndEverything, outboxIdOf, outboxState, sendDue } from "../support/mail";
import { smtp } from "../support/smtp-server";

const composers: MailComposers = {
  "registration.confirmed": composeConfirmation,
  "registration.joined": composeJoined,
  "registration.reminder": composeReminder,
};

beforeEach(async () => {
  env().RATE_LIMITS = "on";
  env().MAIL_PER_DAY = 3;
  smtp.reset();
  await database().execute("delete from outbox; delete from mail_delivery");
});

afterAll(async () => {
  closeSmtp();
  await smtp.stop();
  await closeMailAndEverything();
});

/** Into the mailbox, and on to the SMTP server if that is where it goes, too. */
async function deliver(outboxId: string) {
  const delivery = await deliverMail({ outboxId, jobId: `mail-${outboxId}-1`, composers });
  await sendDue();
  return delivery;
}

/** As if the worker had died at the mail. */
async function dieAt(outboxId: string): Promise<void> {
  const revive = atFailpoint("mail-before-write", () => Promise.reject(new Error("dead")));
  await expect(deliver(outboxId)).rejects.toThrow("dead");
  revive();
}

/** Registers, and returns the order of the confirmation. */
async function orderOf(user: Person, competitionId: string): Promise<string> {
  const result = await register({ user, competitionId });
  if (result.status !== "registered") throw new Error(result.status);
  return outboxIdOf(`confirmation:${result.body.id}`);
}

const cancel = (user: Person, competitionId: string) =>
  cancelRegistration({ actor: user, competitionId });

/** The seats that somebody was told of, newest first. */
async function seatsTold(actor: Person): Promise<number[]> {
  const mails = await listMailbox({ actor });
  return mails.map(({ body }) => Number(/Your seat: +(\d+)/.exec(body)?.[1]));
}

async function seatOf({ id }: Person): Promise<number | undefined> {
  const [row] = await database().execute<{ seat_no: number }[]>(
    "select seat_no from registration where user_id = ? and status = 'CONFIRMED'",
    [id],
  );
  return row?.seat_no;
}

/** As if all of it had happened that long ago. */
async function letPass(time: string): Promise<void> {
  await database().execute("update mail_turn set taken_at = taken_at - ?::interval", [time]);
  await database().execute(
    "update outbox set not_before = not_before - ?::interval, enqueued_at = enqueued_at - ?::interval",
    [time, time],
  );
}

test("somebody who registers in a loop gets one confirmation, and the true one when the hour is over", async () => {
  const [user, other] = [await createPerson(), await createPerson()];
  const competitionId = await openCompetition();
  expect(await deliver(await orderOf(user, competitionId))).toEqual({ status: "delivered" });
  await cancel(user, competitionId);
  await orderOf(other, competitionId);
  const abandoned = await orderOf(user, competitionId);
  expect(await deliver(abandoned)).toEqual({ status: "postponed" });
  await cancel(user, competitionId);
  const standing = await orderOf(user, competitionId);
  expect(await deliver(standing)).toEqual({ status: "postponed" });
  expect(await deliver(standing)).toEqual({ status: "postponed" });
  expect([await seatsTold(user), smtp.received.length]).toEqual([[1], 1]);

  await database().execute("delete from outbox where id <> all(?::bigint[])", [
    `{${abandoned},${standing}}`,
  ]);
  expect(await relayOutbox()).toEqual({ enqueued: 0 });
  expect(await measureOutbox()).toMatchObject({ waiting: 0, enqueued: 0, oldestSeconds: 0 });
  await letPass("50 minutes");
  expect(await relayOutbox()).toEqual({ enqueued: 0 });
  await letPass("10 minutes");
  expect(await relayOutbox()).toEqual({ enqueued: 2 });
  expect(await outboxState(standing)).toMatchObject({ generation: 1, done: false });
  expect(await deliver(abandoned)).toEqual({ status: "nothing_to_send" });
  expect(await deliver(standing)).toEqual({ status: "delivered" });
  expect(await seatsTold(user)).toEqual([await seatOf(user), 1]);
});

test("who joins a line and leaves it in a loop is told once an hour, too", async () => {
  const { competitionId, people } = await openFull();
  const [user] = people;
  const join = async () => outboxIdOf(`joined:${(await mustJoin(user, competitionId)).body.id}`);
  expect(await deliver(await join())).toEqual({ status: "delivered" });
  await cancel(user, competitionId);
  const again = await join();
  expect(await deliver(again)).toEqual({ status: "postponed" });
  await letPass("1 hour");
  expect(await deliver(again)).toEqual({ status: "delivered" });
});

test("without limits every registration has its confirmation at once", async () => {
  env().RATE_LIMITS = "off";
  const user = await createPerson();
  const competitionId = await openCompetition();
  for (let count = 0; count < 4; count++) {
    expect(await deliver(await orderOf(user, competitionId))).toEqual({ status: "delivered" });
    await cancel(user, competitionId);
  }
  expect(smtp.received).toHaveLength(4);
});

test("a confirmation that was never sent blocks nothing", async () => {
  const user = await createPerson();
  const competitionId = await openCompetition();
  const first = await orderOf(user, competitionId);
  await dieAt(first);
  await cancel(user, competitionId);
  const second = await orderOf(user, competitionId);
  // What becomes of the first is not known: looked at again in a minute, not in an hour.
  expect(await deliver(second)).toEqual({ status: "postponed" });
  const [row] = await database().execute<{ wait: number }[]>(
    "select extract(epoch from not_before - now())::int as wait from outbox where id = ?::bigint",
    [second],
  );
  expect(row?.wait).toBeLessThanOrEqual(60);
  expect(await deliver(first)).toEqual({ status: "nothing_to_send" });
  expect(await deliver(second)).toEqual({ status: "delivered" });
  expect(await seatsTold(user)).toHaveLength(1);
});

test("a loop in one competition delays no mail of another, nor anybody else's", async () => {
  const user = await createPerson();
  const [looped, other] = [await openCompetition(), await openCompetition()];
  expect(await deliver(await orderOf(user, looped))).toEqual({ status: "delivered" });
  await cancel(user, looped);
  expect(await deliver(await orderOf(user, looped))).toEqual({ status: "postponed" });
  expect(await deliver(await orderOf(user, other))).toEqual({ status: "delivered" });
  expect(await deliver(await orderOf(await createPerson(), looped))).toEqual({
    status: "delivered",
  });
});

test("a mail that is tried again keeps its turn, and turns are forgotten after their hour", async () => {
  const order = await orderOf(await createPerson(), await openCompetition());
  await dieAt(order);
  expect(await deliver(order)).toEqual({ status: "delivered" });
  const turns = async () => {
    const rows: unknown[] = await database().execute(
      "select 1 from mail_turn where outbox_id = ?",
      [order],
    );
    return rows.length;
  };
  await sweepTurns();
  expect(await turns()).toBe(1);
  await letPass("1 hour");
  await sweepTurns();
  expect(await turns()).toBe(0);
});

test("beyond a number of mails of a kind each day, the rest goes to the mailbox only", async () => {
  const [user, other] = [await createPerson(), await createPerson()];
  for (let count = 0; count < 5; count++) {
    const order = await orderOf(user, await openCompetition());
    expect(await deliver(order)).toEqual({ status: "delivered" });
  }
  expect([await listMailbox({ actor: user }), smtp.received]).toMatchObject([
    { length: 5 },
    { length: 3 },
  ]);
  await deliver(await orderOf(other, await openCompetition()));
  expect(smtp.received).toHaveLength(4);
  // Mail of another kind fills the day of its own kind.
  await database().execute("update mail_box set dedupe_key = 'other:' || id where user_id = ?", [
    user.id,
  ]);
  await deliver(await orderOf(user, await openCompetition()));
  expect(smtp.received).toHaveLength(5);
});
