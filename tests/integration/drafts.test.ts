import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { keyPrefix, redis } from "~/platform/redis";
import { cancelWithForm } from "~/routes/competitions_.$id_.cancel/cancel.server";
import { createWithForm } from "~/routes/competitions_.new/create.server";
import { findTyped, savedHeaders } from "~/web/drafts";
import { closeResources } from "~/web/resources";
import { signIn, takeFlash } from "~/web/sessions";
import { createPerson, wipeRedis } from "../support/fixtures";

afterAll(closeResources);

const PAGE = "http://site.example/competitions/new";
const FORM = { title: "Chess", description: "Bring a board.", capacity: "many" };

/** Sends the form without a session. @returns the redirect */
async function sendLoggedOut(fields: Record<string, string>): Promise<Response> {
  const request = new Request(PAGE, { method: "POST", body: new URLSearchParams(fields) });
  const thrown: unknown = await createWithForm(request).catch((error: unknown) => error);
  if (!(thrown instanceof Response)) throw new Error("no redirect was thrown");
  expect(thrown.status).toBe(303);
  expect(thrown.headers.get("Location")).toBe("/login?redirectTo=%2Fcompetitions%2Fnew");
  return thrown;
}

/** What the browser sends back of the cookies that an answer set. */
function cookies(answer: Response | { headers: Headers }): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** What the next page says. */
const messageOf = async (cookie: string) => (await takeFlash(visit(cookie)))?.message;

const visit = (cookie: string, page = PAGE) => new Request(page, { headers: { cookie } });

test("what was typed waits for its writer, on its page, until it is saved", async () => {
  const writer = await createPerson("ORGANIZER");
  const other = await createPerson("ORGANIZER");
  const answer = await sendLoggedOut({ ...FORM, writer: writer.id });
  expect(answer.headers.getSetCookie().join()).toMatch(/draft=[^,]*; HttpOnly; SameSite=Lax/);
  const cookie = cookies(answer);
  expect(await messageOf(cookie)).toContain("What you typed is kept");
  const mine = { ...FORM, writer: writer.id };
  expect(await findTyped(visit(cookie), writer.id)).toEqual(mine);
  expect(await findTyped(visit(cookie), writer.id), "loaded again").toEqual(mine);
  expect(await findTyped(visit(cookie), other.id)).toBeNull();
  expect(await findTyped(visit(cookie, `${PAGE}/other`), writer.id)).toBeNull();
  expect(await findTyped(visit(""), writer.id)).toBeNull();
  expect(await findTyped(visit(cookie.replace("draft=", "draft=x")), writer.id)).toBeNull();

  const elsewhere = await savedHeaders(visit(cookie, `${PAGE}/other`), "Saved.");
  expect(elsewhere.getSetCookie().join()).not.toContain("draft=");
  expect(await findTyped(visit(cookie), writer.id), "another form was saved").toEqual(mine);
  const saved = await savedHeaders(visit(cookie), "Saved.");
  expect(saved.getSetCookie().join()).toContain("draft=; Max-Age=0");
  expect(await findTyped(visit(cookie), writer.id)).toBeNull();
});

test("a message to the participants of a cancelled competition waits as well, if there is one", async () => {
  const writer = await createPerson("ORGANIZER");
  const id = randomUUID();
  const page = `http://site.example/competitions/${id}/cancel`;
  for (const message of ["No snow.", ""]) {
    const fields = { confirmed: "yes", message, writer: writer.id };
    const request = new Request(page, { method: "POST", body: new URLSearchParams(fields) });
    const thrown: unknown = await cancelWithForm(request, id).catch((error: unknown) => error);
    if (!(thrown instanceof Response)) throw new Error("no redirect was thrown");
    expect(thrown.headers.get("Location")).toMatch(/^\/login\?redirectTo=.*cancel$/);
    const typed = await findTyped(visit(cookies(thrown), page), writer.id);
    expect(typed).toEqual(message ? fields : null);
  }
});

test("a slot that somebody else has taken is theirs, and what cannot be read is no draft", async () => {
  await wipeRedis();
  const writer = await createPerson("ORGANIZER");
  const cookie = cookies(await sendLoggedOut({ ...FORM, writer: writer.id }));
  const [key = ""] = await redis().keys(`${keyPrefix()}:draft:*`);
  // Of the same writer, whose other browser has it: only the token tells.
  const token = `${Number(key.split(":").at(-1)).toString(16).padStart(6, "0")}theirs`;
  const values = { ...FORM, writer: writer.id };
  const theirs = JSON.stringify({ token, path: "/competitions/new", values });
  for (const other of [theirs, "{}", "no JSON"]) {
    await redis().set(key, other);
    expect(await findTyped(visit(cookie), writer.id)).toBeNull();
    await savedHeaders(visit(cookie), "Saved.");
    expect(await redis().get(key)).toBe(other);
  }
});

test("somebody who may not send the form is told so, and no draft is kept", async () => {
  await wipeRedis();
  const participant = await createPerson();
  const cookie = (await signIn(visit(""), participant.id)).split(";")[0] ?? "";
  const body = new URLSearchParams(FORM);
  const request = new Request(PAGE, { method: "POST", body, headers: { cookie } });
  await expect(createWithForm(request)).rejects.toMatchObject({ status: 403 });
  expect(await redis().keys(`${keyPrefix()}:draft:*`)).toEqual([]);
});

test("drafts share a thousand places, and wait for half an hour", async () => {
  await wipeRedis();
  for (let drafts = 0; drafts < 3; drafts++) await sendLoggedOut(FORM);
  const keys = await redis().keys(`${keyPrefix()}:draft:*`);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(Number(key.split(":").at(-1))).toBeLessThan(1_024);
    const seconds = await redis().ttl(key);
    expect(seconds).toBeGreaterThan(1_700);
    expect(seconds).toBeLessThanOrEqual(1_800);
  }
});

test("without Redis, or when it is longer than any form, the way to the login page is the same", async () => {
  const writer = await createPerson("ORGANIZER");
  const long = await sendLoggedOut({ ...FORM, writer: writer.id, title: "x".repeat(48_000) });
  redis().disconnect();
  const away = await sendLoggedOut({ ...FORM, writer: writer.id });
  for (const answer of [long, away]) {
    expect(await messageOf(cookies(answer))).toContain("nothing was done");
    expect(cookies(answer)).not.toContain("draft=");
  }
});
