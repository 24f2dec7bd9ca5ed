// First: it sets SMTP_URL for what follows, and with it asks whose address it is.
import "../support/smtp-server";

import { randomUUID } from "node:crypto";
import { type ParsedMail, simpleParser } from "mailparser";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  closePasswordThreads,
  composeProof,
  composeVerification,
  findSessionUser,
  forgetAccountTokens,
  lookAtLink,
  signUp,
  startSession,
  type UserView,
  verifyEmail,
  verifyEmailByCode,
} from "~/domain/accounts/index.server";
import {
  claimDueMail,
  closeSmtp,
  completeMail,
  deliverMail,
  listMailbox,
  sendClaimed,
} from "~/domain/mail/index.server";
import { writeMail } from "~/domain/mail/write-mail";
import { composeConfirmation } from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import { showVerification, verifyWithForm } from "~/routes/verify-email/verify.server";
import { signIn, takeFlash } from "~/web/sessions";
import { createPerson, openCompetition } from "../support/fixtures";
import { lockRow, somebodyWaits } from "../support/locks";
import { closeMailAndEverything } from "../support/mail";
import { mustRegister } from "../support/registering";
import { smtp } from "../support/smtp-server";

const SITE = "http://localhost:3000";
const TITLE = "Chess for everybody";

beforeEach(() => {
  smtp.received = [];
});

afterEach(() => {
  Object.assign(env(), { VERIFY_EMAIL: "auto", RATE_LIMITS: "off" });
});

afterAll(async () => {
  closeSmtp();
  await smtp.stop();
  await closePasswordThreads();
  await closeMailAndEverything();
});

async function newcomer(): Promise<UserView> {
  const email = `${randomUUID()}@example.com`;
  const outcome = await signUp({
    name: "Lottery Winnings",
    email,
    password: "password123",
    role: "PARTICIPANT",
  });
  if (outcome.status !== "created") throw new Error(outcome.status);
  return outcome.user;
}

/** Does what workers do until there is nothing left, and returns what arrived meanwhile. */
async function workAll(): Promise<ParsedMail[]> {
  const before = smtp.received.length;
  const composers = {
    "account.verification": composeVerification,
    "registration.confirmed": composeConfirmation,
  };
  const rows: { id: string }[] = await database().execute(
    "select id::text from outbox where done_at is null order by id",
  );
  for (const { id } of rows) await deliverMail({ outboxId: id, jobId: `mail-${id}`, composers });
  for (;;) {
    const [claimed] = await claimDueMail({ limit: 1 });
    if (!claimed) break;
    const mail = await completeMail(claimed, { composeProof });
    if (mail) await sendClaimed(mail);
  }
  return Promise.all(smtp.received.slice(before).map((raw) => simpleParser(raw)));
}

/** What the one mail holds. */
function proofIn(mails: ParsedMail[]): { token: string; code: string } {
  expect(mails).toHaveLength(1);
  const text = mails[0]?.text ?? "";
  const [, token = ""] = /\/verify-email\?token=([\w-]{43})$/m.exec(text) ?? [];
  const [, code = ""] = /: +(\d{3} \d{3})$/m.exec(text) ?? [];
  expect([token.length, code.length]).toEqual([43, 7]);
  return { token, code };
}

async function isVerified({ id }: UserView): Promise<boolean> {
  const { sessionId } = await startSession({ userId: id });
  return (await findSessionUser(sessionId))?.isVerified ?? false;
}

/** How each of somebody's mails is on its way, the oldest first. */
async function states({ id }: UserView): Promise<Record<string, string | null>> {
  const rows: { subject: string; state: string | null }[] = await database().execute(
    `select subject, state from mail_box m left join mail_delivery d on d.mail_id = m.id
      where user_id = ? order by sent_at`,
    [id],
  );
  return Object.fromEntries(rows.map(({ subject, state }) => [subject, state]));
}

const PROOF = "Confirm your email address";
const CONFIRMATION = `Registration confirmed: ${TITLE}`;

async function post(fields: Record<string, string>, user?: UserView) {
  const cookie = user && (await signIn(new Request(SITE), user.id)).split(";")[0];
  const request = new Request(`${SITE}/verify-email`, {
    method: "POST",
    headers: cookie ? { cookie } : {},
  });
  try {
    return told(await verifyWithForm(request, fields));
  } catch (thrown) {
    if (thrown instanceof Response) return told(thrown);
    throw thrown;
  }
}

/** Where an answer leads, and what is said there; or what is wrong. */
async function told(answer: Awaited<ReturnType<typeof verifyWithForm>>) {
  if (!(answer instanceof Response)) return { status: answer.init?.status, ...answer.data.errors };
  const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
  const flash = await takeFlash(new Request(SITE, { headers: { cookie } }));
  return { to: answer.headers.get("location"), says: flash?.message };
}

test("who signs up gets one mail of fixed words, and the rest waits in the mailbox", async () => {
  const user = await newcomer();
  await mustRegister(user, await openCompetition({ title: TITLE }));
  const mails = await workAll();
  const { token, code } = proofIn(mails);
  expect(mails[0]?.to).toMatchObject({ value: [{ address: user.email, name: "" }] });
  const whole = smtp.received.join();
  expect(whole).not.toMatch(/Lottery|Winnings|Chess/);
  expect(await states(user)).toEqual({ [PROOF]: "sent", [CONFIRMATION]: "waits_for_verification" });

  // Who signed up reads the mailbox, and may not be who reads mail at the address.
  const inMailbox = JSON.stringify(await listMailbox({ actor: user }));
  expect(inMailbox).toContain(CONFIRMATION);
  for (const secret of [token, code, code.replace(" ", "")])
    expect(inMailbox).not.toContain(secret);
  const rows = await database().execute("select t::text from account_token t");
  for (const secret of [token, code.replace(" ", "")]) {
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
});

test("a press on the link lets the mail go that waited, in order; a visit does not", async () => {
  const user = await newcomer();
  const titles = ["First", "Second", "Third"];
  const { token } = proofIn(await workAll());
  for (const title of titles) {
    await mustRegister(user, await openCompetition({ title }));
    await workAll();
  }
  const visit = new Request(`${SITE}/verify-email?token=${token}`);
  for (let times = 0; times < 2; times++) {
    expect(await showVerification(visit)).toMatchObject({ status: "open", email: user.email });
  }
  expect([await isVerified(user), await workAll()]).toEqual([false, []]);

  expect(await post({ token })).toEqual({
    to: "/login",
    says: expect.stringContaining("your mail goes there from now on"),
  });
  expect(await isVerified(user)).toBe(true);
  const subjects = (await workAll()).map(({ subject }) => subject);
  expect(subjects).toEqual(titles.map((title) => `Registration confirmed: ${title}`));
  expect(await showVerification(visit)).toMatchObject({ status: "already_verified" });
  const again = { to: "/competitions", says: expect.stringContaining("already confirmed") };
  expect(await post({ token }, user)).toEqual(again);
  expect(await workAll()).toEqual([]);
});

test("mails that are composed at once go each to its own address", async () => {
  const users = [await newcomer(), await newcomer(), await newcomer()];
  const compose = (those: UserView[]) =>
    Promise.all(those.map(({ id }) => composeVerification({ userId: id })));
  for (const those of [users, [...users].reverse()]) {
    const expected = those.map(({ id, email }) => ({ userId: id, to: email }));
    expect(await compose(those)).toMatchObject(expected);
  }
  await workAll();
});

test("mail that waited for more than a day stays in the mailbox", async () => {
  const user = await newcomer();
  await mustRegister(user, await openCompetition({ title: TITLE }));
  const { token } = proofIn(await workAll());
  await database().execute(
    "update mail_box set sent_at = sent_at - interval '25 hours' where user_id = ?",
    [user.id],
  );
  await verifyEmail({ token });
  expect(await states(user)).toEqual({ [PROOF]: "sent", [CONFIRMATION]: null });
  expect(await workAll()).toEqual([]);
});

test("mail that is written while somebody confirms is not left behind", async () => {
  const user = await newcomer();
  const { token } = proofIn(await workAll());
  // It was decided that it waits, and then the press came.
  await verifyEmail({ token });
  await writeMail({
    row: { id: "0", dedupe_key: `confirmation:${user.id}` },
    message: { userId: user.id, to: user.email, subject: CONFIRMATION, text: "", html: "" },
    jobId: "a-job",
    state: "waits_for_verification",
  });
  expect(await states(user)).toMatchObject({ [CONFIRMATION]: "queued" });
  await workAll();
});

describe("a link", () => {
  test("works once, and whichever attempt's mail arrives; of two presses at once one", async () => {
    const user = await newcomer();
    const { token } = proofIn(await workAll());
    // As if the server had taken a mail and never said so.
    await database().execute(
      `update mail_delivery d set state = 'queued', next_at = now()
         from mail_box m where m.id = d.mail_id and m.user_id = ?`,
      [user.id],
    );
    const second = proofIn(await workAll());
    expect(second.token).not.toBe(token);
    const unlock = await lockRow(user.id, "user");
    const presses = [verifyEmail({ token }), verifyEmail({ token })];
    await Promise.all([somebodyWaits("transactionid"), somebodyWaits("tuple")]);
    await unlock();
    expect((await Promise.all(presses)).map(({ status }) => status).sort()).toEqual([
      "already_verified",
      "verified",
    ]);
    expect(await verifyEmail(second)).toEqual({ status: "already_verified" });
    // It proves nothing a second time, should the address be in doubt again.
    await database().execute(`update "user" set verified_at = null where id = ?`, [user.id]);
    expect(await verifyEmail({ token })).toEqual({ status: "invalid" });
  });

  test("works for a day, and for the address that it was sent to", async () => {
    const [late, moved] = [await newcomer(), await newcomer()];
    const mails = await workAll();
    const [lateLink, movedLink] = mails.map((mail) => proofIn([mail]));
    const day =
      "update account_token set expires_at = expires_at - interval '24 hours' where user_id = ?";
    await database().execute(day, [late.id]);
    await database().execute(`update "user" set email = 'x' || email where id = ?`, [moved.id]);
    for (const { token = "" } of [lateLink ?? {}, movedLink ?? {}]) {
      expect(await lookAtLink({ token })).toEqual({ status: "invalid" });
      expect(await post({ token })).toMatchObject({ status: 400 });
    }
    expect([await isVerified(late), await isVerified(moved)]).toEqual([false, false]);
    expect(await forgetAccountTokens()).toEqual({ forgotten: 0 });
    await database().execute(day.replace("24 hours", "31 days"), [late.id]);
    expect(await forgetAccountTokens()).toEqual({ forgotten: 1 });
  });

  test.each(["", "x", "a".repeat(43), "' or 1=1 --", "\0"])("is not %j", async (token) => {
    expect(await verifyEmail({ token })).toEqual({ status: "invalid" });
    expect(await post({ token })).toEqual({
      status: 400,
      "": expect.stringContaining("new email"),
    });
  });
});

describe("the code", () => {
  test("does the same for whoever is signed in, however it is typed", async () => {
    const user = await newcomer();
    const other = await newcomer();
    const mails = await workAll();
    const { code } = proofIn(mails.slice(0, 1));
    expect((await post({ intent: "code", code })).to).toContain("/login?redirectTo=");
    expect(await verifyEmailByCode({ actor: other, code })).toEqual({ status: "wrong_code" });
    expect(await post({ intent: "code", code: ` ${code} ` }, user)).toMatchObject({
      to: "/competitions",
    });
    expect([await isVerified(user), await isVerified(other)]).toEqual([true, false]);
  });

  test("is good for five mistakes, at once as one after the other; then the link is left", async () => {
    const user = await newcomer();
    const { code, token } = proofIn(await workAll());
    const wrong = code === "000 000" ? "000001" : "000000";
    expect(await post({ intent: "code", code: "12" }, user)).toMatchObject({ status: 400 });
    const guess = () => verifyEmailByCode({ actor: user, code: wrong });
    const guesses = await Promise.all(Array.from({ length: 5 }, guess));
    expect(guesses.every(({ status }) => status === "wrong_code")).toBe(true);
    expect(await verifyEmailByCode({ actor: user, code })).toEqual({ status: "wrong_code" });
    expect(await verifyEmail({ token })).toEqual({ status: "verified" });
  });
});

test("the mail is sent again three times an hour, and not where there is nothing to prove", async () => {
  env().RATE_LIMITS = "on";
  const [user, known] = [await newcomer(), await createPerson()];
  await workAll();
  const press = (who: UserView) => post({ intent: "again", redirectTo: "/mailbox" }, who);
  for (let times = 0; times < 3; times++) {
    const says = `A new email is on its way to ${user.email}.`;
    expect(await press(user)).toEqual({ to: "/mailbox", says });
    expect(await workAll()).toHaveLength(1);
  }
  expect((await press(user)).says).toMatch(/a little too often. Try again in \d+ minutes/);
  expect((await press(known)).says).toBe("Your address is already confirmed.");
  expect(await workAll()).toEqual([]);
  env().RATE_LIMITS = "off";
  expect((await press(user)).says).toContain("on its way");
  proofIn(await workAll());
});

test("a mail that asks is not sent any more once it was answered", async () => {
  const user = await newcomer();
  const { token } = proofIn(await workAll());
  await post({ intent: "again" }, user);
  await database().execute("update outbox set done_at = null where dedupe_key like ?", [
    `verification:${user.id}:%`,
  ]);
  smtp.answer = () => Object.assign(new Error("later"), { responseCode: 451 });
  await workAll();
  smtp.answer = () => null;
  await verifyEmail({ token });
  await database().execute("update mail_delivery set next_at = now() where state = 'queued'");
  expect(await workAll()).toEqual([]);
  expect(await claimDueMail({ limit: 10 })).toEqual([]);
});

test("who signed up before, or while nobody asked, is asked only where somebody asks", async () => {
  // As the release before signs up: its insert does not know of the column.
  const before = await createPerson();
  env().VERIFY_EMAIL = "off";
  const meanwhile = await newcomer();
  for (const user of [before, meanwhile]) {
    expect(await isVerified(user)).toBe(true);
    await mustRegister(user, await openCompetition({ title: TITLE }));
  }
  expect((await workAll()).map(({ subject }) => subject)).toEqual([CONFIRMATION, CONFIRMATION]);
  env().VERIFY_EMAIL = "on";
  expect([await isVerified(before), await isVerified(meanwhile)]).toEqual([true, false]);
});
