import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { ZodError } from "zod";
import { deleteCompetition } from "~/domain/competitions/index.server";
import {
  deliverMail,
  findMail,
  listMailbox,
  type MailComposers,
  orderMail,
  UndeliverableMail,
} from "~/domain/mail/index.server";
import {
  cancelRegistration,
  composeConfirmation,
  composeDeletion,
  register,
} from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { createPerson } from "../support/fixtures";
import {
  closeMailAndEverything,
  confirmationsOf,
  outboxIdOf,
  outboxState,
  registerSomebody,
} from "../support/mail";

const composers: MailComposers = {
  "registration.confirmed": composeConfirmation,
  "registration.competition_deleted": composeDeletion,
  "registration.reminder": composeReminder,
};

afterAll(closeMailAndEverything);

function deliver(outboxId: string) {
  return deliverMail({ outboxId, jobId: `mail-${outboxId}-1`, composers });
}

describe("a confirmation", () => {
  test("says what, when and which seat, and links back", async () => {
    const { user, competitionId, outboxId } = await registerSomebody({ title: "Robots & <Rust>" });
    expect(await deliver(outboxId)).toEqual({ status: "delivered" });
    const [mail, ...more] = await listMailbox({ actor: user });
    expect(more).toEqual([]);
    // Without SMTP_URL nothing is to leave.
    expect(await database().execute("select from mail_delivery")).toEqual([]);
    expect(mail).toMatchObject({
      to: user.email,
      subject: "Registration confirmed: Robots & <Rust>",
      jobId: `mail-${outboxId}-1`,
    });
    const url = `http://localhost:3000/competitions/${competitionId}`;
    expect(mail?.body).toContain("Robots & <Rust>");
    expect(mail?.body).toMatch(/Your seat: +1\n/);
    expect(mail?.body).toMatch(/Starts: +\w{3} \d+ \w{3} \d{4}, \d\d:\d\d UTC/);
    expect(mail?.body).toContain(url);
    const html = await database().execute("select html from mail_box where user_id = ?", [user.id]);
    expect(html).toEqual([{ html: "" }]);
    expect(await findMail({ id: mail?.id ?? "", actor: user })).toEqual(mail);
    expect(await findMail({ id: mail?.id ?? "", actor: { ...user, id: randomUUID() } })).toBeNull();
    expect(await findMail({ id: "1", actor: user })).toBeNull();
  });

  test("is one mail, however often and at once its handler runs", async () => {
    const { registrationId, outboxId } = await registerSomebody();
    const results = await Promise.all(Array.from({ length: 10 }, () => deliver(outboxId)));
    expect(results.filter(({ status }) => status === "delivered")).toHaveLength(1);
    expect(await deliver(outboxId)).toEqual({ status: "already_done" });
    expect(await confirmationsOf(registrationId)).toBe(1);
    expect(await outboxState(outboxId)).toMatchObject({ done: true, dead: false });
  });

  test("is one mail even when its row was marked undone", async () => {
    const { registrationId, outboxId } = await registerSomebody();
    await deliver(outboxId);
    await database().execute("update outbox set done_at = null where id = ?::bigint", [outboxId]);
    expect(await deliver(outboxId)).toEqual({ status: "already_done" });
    expect(await confirmationsOf(registrationId)).toBe(1);
  });

  test("is not sent to somebody who cancelled before it was sent", async () => {
    const { user, competitionId, outboxId } = await registerSomebody();
    await cancelRegistration({ actor: user, competitionId });
    expect(await deliver(outboxId)).toEqual({ status: "nothing_to_send" });
    expect(await listMailbox({ actor: user })).toEqual([]);
    expect(await outboxState(outboxId)).toMatchObject({ done: true });
  });

  test("comes twice to somebody who cancelled and registered again", async () => {
    const first = await registerSomebody();
    await deliver(first.outboxId);
    await cancelRegistration({ actor: first.user, competitionId: first.competitionId });
    const again = await register({ user: first.user, competitionId: first.competitionId });
    if (again.status !== "registered") throw new Error(again.status);
    await deliver(await outboxIdOf(`confirmation:${again.body.id}`));
    expect(await listMailbox({ actor: first.user })).toHaveLength(2);
  });
});

describe("of a competition that is deleted", () => {
  async function deleteIt(competitionId: string) {
    const [owner] = await database().execute<{ id: string }[]>(
      "select created_by_id as id from competition where id = ?",
      [competitionId],
    );
    const actor = { id: owner?.id ?? "", role: "ORGANIZER" as const };
    expect(await deleteCompetition({ actor, id: competitionId })).toEqual({ status: "deleted" });
  }

  test("everybody with a seat is told, once, but nobody who had given theirs back", async () => {
    const { user, competitionId, registrationId, outboxId } = await registerSomebody({
      title: "Chess",
    });
    await database().execute("update competition set start_date = null where id = ?", [
      competitionId,
    ]);
    const other = await registerSomebody({ competitionId });
    await cancelRegistration({ actor: other.user, competitionId });
    await deliver(outboxId);
    await deleteIt(competitionId);
    const told = await outboxIdOf(`deleted:${registrationId}`);
    expect(await deliver(told)).toEqual({ status: "delivered" });
    expect(await deliver(told)).toEqual({ status: "already_done" });
    const [mail, earlier] = await listMailbox({ actor: user });
    expect(mail?.subject).toBe("Cancelled: Chess");
    expect(mail?.body).toMatch(/Your seat was: +1\n/);
    expect(mail?.body).not.toContain(competitionId);
    expect(earlier?.body).toMatch(/Starts: +to be announced\n/);
    const orders = await database().execute<{ kind: string }[]>(
      "select kind from outbox where dedupe_key like 'deleted:%' and dedupe_key <> ?",
      [`deleted:${registrationId}`],
    );
    expect(orders).toEqual([]);
  });

  test("nobody is still told that they are registered, with a link that leads nowhere", async () => {
    const { user, competitionId, registrationId, outboxId } = await registerSomebody();
    await deleteIt(competitionId);
    expect(await deliver(outboxId)).toEqual({ status: "nothing_to_send" });
    await deliver(await outboxIdOf(`deleted:${registrationId}`));
    expect(await listMailbox({ actor: user })).toMatchObject([
      { subject: expect.stringMatching(/^Cancelled: /) },
    ]);
  });
});

describe("what cannot be delivered", () => {
  test("a row that is gone needs no mail", async () => {
    expect(await deliver("999999999")).toEqual({ status: "gone" });
  });

  test("a missing row does not shift its neighbours, whatever the order asked for", async () => {
    const people = [await registerSomebody(), await registerSomebody(), await registerSomebody()];
    const rows = people.map(({ outboxId }) => outboxId).reverse();
    const asked = ["999999999", ...rows, "999999998"];
    const outcomes = await Promise.all(asked.map(deliver));
    expect(outcomes.map(({ status }) => status)).toEqual([
      "gone",
      ...rows.map(() => "delivered"),
      "gone",
    ]);
    for (const { user, outboxId } of people) {
      const jobId = `mail-${outboxId}-1`;
      expect(await listMailbox({ actor: user })).toMatchObject([{ to: user.email, jobId }]);
    }
  });

  test("a mail that failed before and is delivered after all no longer counts as dead", async () => {
    const { outboxId } = await registerSomebody();
    await database().execute("update outbox set dead_at = now() where id = ?::bigint", [outboxId]);
    expect(await deliver(outboxId)).toEqual({ status: "delivered" });
    expect(await outboxState(outboxId)).toMatchObject({ done: true, dead: false });
  });

  test("a malformed payload and an unknown kind are refused for good", async () => {
    await database().transactional((em) =>
      orderMail(em, [
        { dedupeKey: "bad", kind: "registration.confirmed", payload: { registrationId: "7" } },
        { dedupeKey: "odd", kind: "registration.odd" as "registration.confirmed", payload: {} },
        { dedupeKey: "proto", kind: "toString" as "registration.confirmed", payload: {} },
      ]),
    );
    await expect(deliver(await outboxIdOf("bad"))).rejects.toThrow(ZodError);
    await expect(deliver(await outboxIdOf("odd"))).rejects.toThrow(UndeliverableMail);
    await expect(deliver(await outboxIdOf("proto"))).rejects.toThrow(UndeliverableMail);
  });
});

test("a mailbox pages from newest to oldest, and shows nobody else's", async () => {
  const user = await createPerson();
  const other = await createPerson();
  // Two by two in the same instant.
  const sentAt = Date.now() - 3_600_000;
  for (const [n, owner] of [other, user, user, user, other, user].entries()) {
    await database().execute(
      `insert into mail_box (id, user_id, "to", subject, body, html, sent_at, dedupe_key)
       values (?, ?, ?, ?, 'b', 'h', ?, ?)`,
      [
        ...[randomUUID(), owner.id, owner.email, `mail ${n}`],
        ...[new Date(sentAt + Math.floor(n / 2) * 60_000), `page:${n}:${owner.id}`],
      ],
    );
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const [mail, ...more] = await listMailbox({ actor: user, limit: 1, cursor });
    expect(more).toEqual([]);
    cursor = mail?.id;
    if (mail) seen.push(mail.subject);
  } while (cursor && seen.length < 10);
  expect([seen[0], ...seen.slice(1, 3).sort(), ...seen.slice(3)]).toEqual([
    "mail 5",
    "mail 2",
    "mail 3",
    "mail 1",
  ]);
  const [newest] = await listMailbox({ actor: user, limit: 1 });
  expect(await listMailbox({ actor: other, cursor: newest?.id })).toEqual([]);
  expect(await listMailbox({ actor: other })).toHaveLength(2);
});
