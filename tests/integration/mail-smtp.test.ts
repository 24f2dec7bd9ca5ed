// First: it sets SMTP_URL for what follows.
import "../support/smtp-server";

import { readFileSync, rmSync } from "node:fs";
import { simpleParser } from "mailparser";
import { afterAll, afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  closeSmtp,
  deliverMail,
  type MailComposers,
  MailNotTaken,
  UndeliverableMail,
} from "~/domain/mail/index.server";
import { composeConfirmation } from "~/domain/registration/index.server";
import { composeReminder } from "~/domain/reminders/index.server";
import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import { makeTemporaryFolder } from "../../scripts/services/places.ts";
import { makeCertificates } from "../support/certificates";
import {
  closeMailAndEverything,
  confirmationsOf,
  outboxState,
  registerSomebody,
} from "../support/mail";
import { smtp, startSmtpServer } from "../support/smtp-server";

const composers: MailComposers = {
  "registration.confirmed": composeConfirmation,
  "registration.reminder": composeReminder,
};

afterEach(() => {
  smtp.received = [];
  smtp.answer = () => null;
});

afterAll(async () => {
  closeSmtp();
  await smtp.stop();
  await closeMailAndEverything();
});

function deliver(outboxId: string) {
  return deliverMail({ outboxId, jobId: `mail-${outboxId}-1`, composers });
}

test("mail goes out as text and HTML, to its reader, from us", async () => {
  const { user, outboxId, competitionId } = await registerSomebody({
    title: "Žluťoučký kůň\u2028?",
  });
  await deliver(outboxId);
  const mail = await simpleParser(smtp.received[0] ?? "");
  // A title that was stored before titles were judged: it starts no line of its own.
  expect(mail.subject).toBe("Registration confirmed: Žluťoučký kůň ?");
  expect(mail.from?.text).toBe('"Mini Compete" <no-reply@mini-compete.example>');
  expect(mail.to).toMatchObject({ value: [{ address: user.email }] });
  expect(mail.text).toContain(`/competitions/${competitionId}`);
  expect(mail.html).toContain("Your seat");
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
});

test("a mail that is sent twice carries one Message-ID, and other mail another", async () => {
  const { outboxId, registrationId } = await registerSomebody();
  const other = await registerSomebody();
  await deliver(outboxId);
  // As if the worker had died between the server's yes and our commit.
  await database().execute("update outbox set done_at = null where id = ?::bigint", [outboxId]);
  await database().execute("delete from mail_box where dedupe_key = ?", [
    `confirmation:${registrationId}`,
  ]);
  await deliver(outboxId);
  await deliver(other.outboxId);
  const ids = await Promise.all(
    smtp.received.map(async (raw) => (await simpleParser(raw)).messageId),
  );
  expect(ids).toHaveLength(3);
  expect(ids[0]).toMatch(/^<[0-9a-f]{40}@localhost>$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(await confirmationsOf(registrationId)).toBe(1);
});

test("a refused address is given up on, and named in no error", async () => {
  const { user, outboxId, registrationId } = await registerSomebody();
  smtp.answer = (address) =>
    Object.assign(new Error(`5.1.1 no <${address}> here`), { responseCode: 550 });
  const error = await deliver(outboxId).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UndeliverableMail);
  expect(String(error)).toBe("UndeliverableMail: SMTP: 550 5.1.1 at RCPT TO");
  expect(String(error)).not.toContain(user.email);
  expect(await confirmationsOf(registrationId)).toBe(0);
});

test("a server that is busy is asked again, and the mailbox waits for it", async () => {
  const { outboxId, registrationId } = await registerSomebody();
  smtp.answer = () => Object.assign(new Error("come back later"), { responseCode: 451 });
  const error = await deliver(outboxId).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MailNotTaken);
  expect(await outboxState(outboxId)).toMatchObject({ done: false });
  smtp.answer = () => null;
  expect(await deliver(outboxId)).toEqual({ status: "delivered" });
  expect(await confirmationsOf(registrationId)).toBe(1);
});

describe("with a password", () => {
  const { SMTP_URL } = env();
  afterEach(() => use(SMTP_URL));
  function use(url: string | undefined) {
    env().SMTP_URL = url;
    closeSmtp();
    Object.assign(smtp, { passwords: [], encrypted: [] });
  }

  test("a server without STARTTLS is shown nothing, unless we are told to", async () => {
    const port = await startSmtpServer({ disabledCommands: ["STARTTLS"] });
    const { outboxId } = await registerSomebody();
    use(`smtp://me:secret@127.0.0.1:${port}`);
    await expect(deliver(outboxId)).rejects.toThrow(MailNotTaken);
    expect(smtp).toMatchObject({ passwords: [], received: [] });
    use(`smtp://me:secret@127.0.0.1:${port}?requireTLS=false`);
    expect(await deliver(outboxId)).toEqual({ status: "delivered" });
    expect(smtp).toMatchObject({ passwords: ["secret"], encrypted: [false] });
  });

  test("mail goes out encrypted, to a server that somebody vouches for", async () => {
    const folder = makeTemporaryFolder("smtp");
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { cert, key } = makeCertificates(folder);
    const port = await startSmtpServer({ cert: readFileSync(cert), key: readFileSync(key) });
    const { outboxId } = await registerSomebody();
    use(`smtp://me:secret@127.0.0.1:${port}`);
    await expect(deliver(outboxId)).rejects.toThrow(/certificate/);
    expect(smtp).toMatchObject({ passwords: [], received: [] });
    use(`smtp://me:secret@127.0.0.1:${port}?tls.rejectUnauthorized=false`);
    expect(await deliver(outboxId)).toEqual({ status: "delivered" });
    expect(smtp).toMatchObject({ passwords: ["secret"], encrypted: [true] });
  });
});
