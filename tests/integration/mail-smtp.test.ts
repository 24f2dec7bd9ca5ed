import "../support/faults-on";
// It sets SMTP_URL for what follows.
import "../support/smtp-server";

import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import ICAL from "ical.js";
import { simpleParser } from "mailparser";
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { deleteCompetition } from "~/domain/competitions/index.server";
import { findRecipient } from "~/domain/mail/delivery";
import {
  claimDueMail,
  closeSmtp,
  deliverMail,
  listDeliveries,
  listFailedJobs,
  type MailComposers,
  measureDeliveries,
  replayDelivery,
  replayFailedJob,
  sendClaimed,
  sweepDeliveries,
} from "~/domain/mail/index.server";
import { composeConfirmation, composeDeletion } from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";
import { env } from "~/platform/env";
import { atFailpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { database } from "~/platform/orm";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { databaseToBreak } from "../support/breaking";
import { makeCertificates } from "../support/certificates";
import { eventually } from "../support/eventually";
import { createPeople, createPerson, openCompetition } from "../support/fixtures";
import {
  closeMailAndEverything,
  confirmationsOf,
  deliveryState,
  letDeliveriesPass,
  outboxIdOf,
  outboxState,
  registerSomebody,
  sendDue,
} from "../support/mail";
import { refusal, smtp, startSmtpServer } from "../support/smtp-server";
import { startTcpProxy } from "../support/tcp-proxy";

const composers: MailComposers = {
  "registration.confirmed": composeConfirmation,
  "registration.competition_deleted": composeDeletion,
  "registration.reminder": composeReminder,
};
const { SMTP_URL = "" } = env();
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const breaking = databaseToBreak();
const proxy = await startTcpProxy(Number(new URL(SMTP_URL).port));

afterEach(async () => {
  vi.restoreAllMocks();
  use(SMTP_URL);
  smtp.reset();
  proxy.set({ kind: "fair" });
  await database().execute("delete from mail_delivery; delete from failed_job");
});

afterAll(async () => {
  closeSmtp();
  await proxy.stop();
  await smtp.stop();
  await breaking.close();
  await closeMailAndEverything();
});

function use(url: string): void {
  env().SMTP_URL = url;
  closeSmtp();
}

/** Somebody whose confirmation is in the mailbox, and queued for the SMTP server. */
async function confirmed(asked: Parameters<typeof registerSomebody>[0] = {}) {
  const somebody = await registerSomebody(asked);
  await deliver(somebody.outboxId);
  return somebody;
}

async function deliver(outboxId: string): Promise<void> {
  const delivery = await deliverMail({ outboxId, jobId: `mail-${outboxId}-1`, composers });
  expect(delivery).toEqual({ status: "delivered" });
}

/** Tries again whenever it is time, until the mail has left or never will. @returns when, seconds */
async function triesOf(registrationId: string, atTry: (seconds: number) => void = () => {}) {
  const tries: number[] = [];
  for (let seconds = 0; ; ) {
    atTry(seconds);
    tries.push(seconds);
    expect(await sendDue()).toHaveLength(1);
    const mail = await deliveryState(registrationId);
    if (mail?.state !== "queued") return tries;
    expect(await sendDue()).toEqual([]);
    await letDeliveriesPass(mail.wait);
    seconds += Math.round(mail.wait);
  }
}

async function messageIds() {
  return Promise.all(smtp.received.map(async (raw) => (await simpleParser(raw)).messageId));
}

test("mail goes out as text and HTML, to its reader, from us", async () => {
  const { user, competitionId } = await confirmed({ title: "Žluťoučký kůň\u2028?" });
  await sendDue();
  const mail = await simpleParser(smtp.received[0] ?? "");
  // A title that was stored before titles were judged: it starts no line of its own.
  expect(mail.subject).toBe("Registration confirmed: Žluťoučký kůň ?");
  expect(mail.from?.text).toBe('"Mini Compete" <no-reply@mini-compete.example>');
  expect(mail.to).toMatchObject({ value: [{ address: user.email }] });
  expect(mail.text).toContain(`/competitions/${competitionId}`);
  expect(mail.html).toContain("Your seat");
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
});

/** The event that a mail carries, as a part for mail programs and as a file for people. */
async function eventIn(raw = "") {
  const { attachments } = await simpleParser(raw);
  const [method = ""] = /(?<=text\/calendar; charset=utf-8; method=)\w+/.exec(raw) ?? [];
  const texts = attachments.map(({ content }) => content.toString());
  expect(attachments.map(({ filename }) => filename)).toContain("event.ics");
  expect(new Set(texts).size).toBe(1);
  const calendar = new ICAL.Component(ICAL.parse(texts[0] ?? ""));
  expect(calendar.getFirstPropertyValue("method")).toBe(method);
  const event = calendar.getFirstSubcomponent("vevent");
  const said = (name: string) => String(event?.getFirstPropertyValue(name));
  return { method, uid: said("uid"), status: said("status"), sequence: said("sequence") };
}

test("a confirmation brings the event, and mail about a cancellation removes the same one", async () => {
  const organizer = await createPerson("ORGANIZER");
  const competitionId = await openCompetition({ organizerId: organizer.id });
  const { registrationId } = await confirmed({ competitionId });
  await sendDue();
  await deleteCompetition({ actor: organizer, id: competitionId });
  await deliver(await outboxIdOf(`deleted:${registrationId}`));
  await sendDue();
  const uid = `competition-${competitionId}@localhost`;
  const [confirmation, cancellation] = await Promise.all(smtp.received.map(eventIn));
  expect(confirmation).toEqual({ method: "PUBLISH", uid, status: "CONFIRMED", sequence: "0" });
  expect(cancellation).toEqual({ method: "CANCEL", uid, status: "CANCELLED", sequence: "1" });
  const { text, html } = await simpleParser(smtp.received[0] ?? "");
  const link = `/competitions/${competitionId}/event.ics`;
  expect(text).toMatch(new RegExp(`Add to calendar: http://localhost:\\d+${link}`));
  expect(html).toMatch(new RegExp(`href="http://localhost:\\d+${link}"`));
});

test("a competition without a start brings no event and no link to one", async () => {
  const competitionId = await openCompetition();
  await database().execute("update competition set start_date = null where id = ?", [
    competitionId,
  ]);
  await confirmed({ competitionId });
  await sendDue();
  expect(smtp.received).toHaveLength(1);
  expect(smtp.received[0]).not.toMatch(/text\/calendar|event\.ics/);
});

test("each reader is judged by their own mails and their own proof, however many are looked up at once", async () => {
  const people = await createPeople(4);
  const [proved, doubtful, busy, quiet] = people.map(({ id }) => id);
  await database().execute('update "user" set verified_at = null where id in (?, ?)', [
    doubtful,
    quiet,
  ]);
  await database().execute(
    `insert into mail_box (id, user_id, "to", subject, body, html, sent_at, dedupe_key)
     select gen_random_uuid(), ?, 'a', 's', 'b', 'h', now() - make_interval(hours => n * 13),
            'test:' || gen_random_uuid() from generate_series(0, 2) n`,
    [busy],
  );
  const look = (userId = "", kind = "test") =>
    findRecipient({ dedupe_key: `${kind}:1` }, { userId });
  const found = await Promise.all([
    look(quiet),
    look(randomUUID()),
    look(busy),
    look(busy, "other"),
    look(proved),
    look(doubtful),
  ]);
  const told = (isVerified: boolean, mailsOfDay = 0) => ({ isVerified, mailsOfDay });
  expect(found).toEqual([
    ...[told(false), told(false), told(true, 2)],
    ...[told(true), told(true), told(false)],
  ]);
});

describe("the mailbox has a mail at once, once, and SMTP has it", () => {
  test("when greylisting is over: after 2, 4 and 8 seconds, then minutes", async () => {
    const { registrationId, outboxId } = await confirmed();
    const tries = await triesOf(registrationId, (seconds) => {
      smtp.answer = () => (seconds < 60 ? refusal(451, "4.7.1 come back later") : null);
    });
    expect(tries.slice(0, 4)).toEqual([0, 2, 6, 14]);
    expect(tries[4]).toBeLessThan(2 * MINUTE);
    expect(tries).toHaveLength(5);
    expect(await deliveryState(registrationId)).toMatchObject({ state: "sent", reason: null });
    expect(smtp.received).toHaveLength(1);
    expect(await confirmationsOf(registrationId)).toBe(1);
    expect(await outboxState(outboxId)).toMatchObject({ done: true, dead: false });
    expect(await listFailedJobs()).toEqual([]);
  });

  test("when the server is back, 20 seconds later", async () => {
    use(proxy.through(SMTP_URL));
    const { registrationId } = await confirmed();
    const tries = await triesOf(registrationId, (seconds) => {
      proxy.set({ kind: seconds < 20 ? "cut" : "fair" });
    });
    expect(tries).toHaveLength(5);
    expect(await deliveryState(registrationId)).toMatchObject({ state: "sent" });
    expect(smtp.received).toHaveLength(1);
  });

  test("when the password is right at last", async () => {
    const port = await startSmtpServer({ disabledCommands: ["STARTTLS"] });
    use(`smtp://me:secret@127.0.0.1:${port}?requireTLS=false`);
    smtp.atPassword = () => refusal(535, "5.7.8 who are you?");
    const { registrationId } = await confirmed();
    const tries = await triesOf(registrationId, (seconds) => {
      if (seconds > HOUR) smtp.atPassword = () => null;
    });
    expect(tries.length).toBeGreaterThan(6);
    expect(await deliveryState(registrationId)).toMatchObject({ state: "sent" });
  });

  test("and never if the server refuses it for good, which an operator is told at once", async () => {
    const { user, registrationId } = await confirmed();
    smtp.answer = (address) => refusal(550, `5.1.1 no <${address}> here`);
    expect(await triesOf(registrationId)).toEqual([0]);
    const refused = { state: "refused", reason: "recipient_refused", code: "550 5.1.1" };
    expect(await deliveryState(registrationId)).toMatchObject(refused);
    expect(await confirmationsOf(registrationId)).toBe(1);
    const [letter] = await listFailedJobs();
    expect(letter?.error).toBe("recipient_refused: SMTP: 550 5.1.1 at RCPT TO");
    expect(JSON.stringify([letter, await listDeliveries()])).not.toContain(user.email);

    await letDeliveriesPass(HOUR);
    expect(await sendDue()).toEqual([]);
    expect(await replayFailedJob({ id: letter?.id ?? "" })).toEqual({ status: "replayed" });
    expect(await replayFailedJob({ id: letter?.id ?? "" })).toEqual({ status: "already_replayed" });
    expect(await sendDue()).toEqual(["refused"]);
    expect(await listFailedJobs()).toHaveLength(1);
    smtp.answer = () => null;
    const [{ mailId = "" } = {}] = await listDeliveries({ state: "refused" });
    expect(await replayDelivery({ mailId })).toEqual({ status: "replayed" });
    expect(await sendDue()).toEqual(["sent"]);
    expect(await replayDelivery({ mailId })).toEqual({ status: "nothing_to_send" });
    expect(await listFailedJobs()).toEqual([]);
  });

  test("until its time is over", async () => {
    const { registrationId } = await confirmed();
    smtp.atData = () => refusal(452, "4.3.1 full");
    const tries = await triesOf(registrationId);
    // To the minute, since the test itself takes time.
    expect(tries.at(-1)).toBeCloseTo(24 * HOUR, -2);
    const gaveUp = { state: "refused", reason: "gave_up", code: "452 4.3.1" };
    expect(await deliveryState(registrationId)).toMatchObject(gaveUp);
    const letters = await listFailedJobs();
    expect(letters).toMatchObject([{ error: "gave_up: SMTP: 452 4.3.1 at DATA" }]);
    smtp.atData = () => null;
    await replayFailedJob({ id: letters[0]?.id ?? "" });
    expect(await triesOf(registrationId)).toEqual([0]);
    expect(smtp.received).toHaveLength(tries.length + 1);
  });

  test("even if nobody could ask the server in all that time", async () => {
    const { registrationId } = await confirmed();
    await letDeliveriesPass(24 * HOUR);
    expect(await sweepDeliveries()).toEqual({ unknown: 0, gaveUp: 0 });
    expect(await measureDeliveries()).toMatchObject({ states: { queued: 1 } });
    await letDeliveriesPass(11 * MINUTE);
    expect(await sweepDeliveries()).toEqual({ unknown: 0, gaveUp: 1 });
    expect(await deliveryState(registrationId)).toMatchObject({ reason: "gave_up" });
    expect(await listFailedJobs()).toMatchObject([{ error: "gave_up: never tried" }]);
  });
});

describe("what the server took is not sent again", () => {
  test("when its worker dies before it records that", async () => {
    const { registrationId } = await confirmed();
    const revive = atFailpoint("smtp-after-answer", () => Promise.reject(new Error("dead")));
    await expect(sendDue()).rejects.toThrow("dead");
    revive();
    for (const state of ["sending", "unknown"]) {
      expect(await deliveryState(registrationId)).toMatchObject({ state });
      await letDeliveriesPass(15 * MINUTE);
      expect(await sendDue()).toEqual([]);
      await sweepDeliveries();
    }
    expect(smtp.received).toHaveLength(1);
    expect(await measureDeliveries()).toMatchObject({ states: { unknown: 1 } });
    const [{ mailId = "" } = {}] = await listDeliveries();
    expect(await replayDelivery({ mailId })).toEqual({ status: "replayed" });
    expect(await sendDue()).toEqual(["sent"]);
    const [first, second] = await messageIds();
    expect(first).toMatch(/^<[0-9a-f]{40}@localhost>$/);
    expect(second).toBe(first);
  });

  test("when Postgres cannot record that for a while", async () => {
    const { registrationId } = await confirmed();
    const warn = vi.spyOn(log, "warn");
    let goOn: (() => void) | undefined;
    const whenAnswered = () => new Promise<void>((resolve) => (goOn = resolve));
    onTestFinished(atFailpoint("smtp-after-answer", whenAnswered));
    const sending = sendDue();
    await eventually(() => expect(goOn).toBeDefined());
    await breaking.whileRefusing(["mail_delivery"], async () => {
      goOn?.();
      await eventually(() => expect(warn).toHaveBeenCalled());
    });
    expect(await sending).toEqual(["sent"]);
    expect(await deliveryState(registrationId)).toMatchObject({ state: "sent" });
    expect(smtp.received).toHaveLength(1);
  });

  test("by a worker that was taken for dead, or at the same time as another", async () => {
    const { registrationId } = await confirmed();
    const [late] = await claimDueMail({ limit: 1 });
    expect(await sendDue()).toEqual([]);
    await letDeliveriesPass(2 * MINUTE);
    const claims = await Promise.all([claimDueMail({ limit: 1 }), claimDueMail({ limit: 1 })]);
    const [mail, ...more] = claims.flat();
    if (!late || !mail) throw new Error("not claimed");
    expect(more).toEqual([]);
    expect(await sendClaimed(late)).toEqual({ result: "superseded" });
    expect(await deliveryState(registrationId)).toMatchObject({ state: "queued", failures: 0 });
    expect(await sendClaimed(mail)).toEqual({ result: "sent" });
    expect(smtp.received).toHaveLength(1);
  });

  test("more than once, if it hangs up without a word", async () => {
    use(proxy.through(SMTP_URL));
    const { registrationId } = await confirmed();
    smtp.atData = () => {
      proxy.cut();
      return null;
    };
    expect(await triesOf(registrationId)).toEqual([0, 2]);
    const unknown = { state: "unknown", reason: "unanswered" };
    expect(await deliveryState(registrationId)).toMatchObject(unknown);
    const [first, second, ...more] = await messageIds();
    expect([second, more]).toEqual([first, []]);
  });
});

test("a server that falls silent is soon given up, and gets the mail later", async () => {
  use(proxy.through(SMTP_URL));
  const { registrationId } = await confirmed();
  const [mail] = await claimDueMail({ limit: 1 });
  if (!mail) throw new Error("not claimed");
  smtp.answer = () => {
    proxy.set({ kind: "no replies" });
    return null;
  };
  const outcome = await sendClaimed(mail, { patienceMs: 500 });
  expect(outcome).toMatchObject({ result: "retry", reason: "connection", isServers: true });
  smtp.answer = () => null;
  proxy.set({ kind: "fair" });
  await letDeliveriesPass(2);
  expect(await sendDue()).toEqual(["sent"]);
  expect(await deliveryState(registrationId)).toMatchObject({ state: "sent" });
  expect(smtp.received).toHaveLength(1);
});

test("a mail that Postgres does not know to be on its way is not handed over", async () => {
  const { registrationId } = await confirmed();
  const mails = await claimDueMail({ limit: 1 });
  const warn = vi.spyOn(log, "warn");
  let sending: Promise<unknown> | undefined;
  await breaking.whileRefusing(["mail_delivery"], async () => {
    sending = Promise.all(mails.map((mail) => sendClaimed(mail)));
    await eventually(() => expect(warn).toHaveBeenCalled());
  });
  expect(await sending).toMatchObject([{ result: "retry", reason: "ours" }]);
  expect(await deliveryState(registrationId)).toMatchObject({ state: "queued", failures: 1 });
  expect(smtp.received).toEqual([]);
});

describe("with a password", () => {
  test("a server without STARTTLS is shown nothing, unless we are told to", async () => {
    const port = await startSmtpServer({ disabledCommands: ["STARTTLS"] });
    const { registrationId } = await confirmed();
    use(`smtp://me:secret@127.0.0.1:${port}`);
    expect(await sendDue()).toEqual(["retry"]);
    expect(await deliveryState(registrationId)).toMatchObject({ reason: "tls" });
    expect(smtp).toMatchObject({ passwords: [], received: [] });
    use(`smtp://me:secret@127.0.0.1:${port}?requireTLS=false`);
    await letDeliveriesPass(2);
    expect(await sendDue()).toEqual(["sent"]);
    expect(smtp).toMatchObject({ passwords: ["secret"], encrypted: [false] });
  });

  test("mail goes out encrypted, to a server that somebody vouches for", async () => {
    const folder = makeTemporaryFolder("smtp");
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { cert, key } = makeCertificates(folder);
    const port = await startSmtpServer({ cert: readFileSync(cert), key: readFileSync(key) });
    const { registrationId } = await confirmed();
    use(`smtp://me:secret@127.0.0.1:${port}`);
    expect(await sendDue()).toEqual(["retry"]);
    expect(await deliveryState(registrationId)).toMatchObject({ reason: "tls" });
    expect(smtp).toMatchObject({ passwords: [], received: [] });
    use(`smtp://me:secret@127.0.0.1:${port}?tls.rejectUnauthorized=false`);
    await letDeliveriesPass(2);
    expect(await sendDue()).toEqual(["sent"]);
    expect(smtp).toMatchObject({ passwords: ["secret"], encrypted: [true] });
  });
});
