import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { setRole } from "~/domain/accounts/index.server";
import {
  cancelCompetition,
  composeChange,
  deleteCompetition,
  editCompetition,
  tellChanges,
} from "~/domain/competitions/index.server";
import {
  cancelRegistration,
  composeCancellation,
  writeOwnCalendar,
} from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { database } from "~/platform/orm";
import { limit } from "~/web/rate-limits";
import { signIn } from "~/web/sessions";
import { type ApiReply, call } from "../support/api-client";
import { eventsOf } from "../support/events";
import { eventually } from "../support/eventually";
import { createPerson, openCompetition, type Person } from "../support/fixtures";
import { mustRegister } from "../support/registering";
import { startWholeApp } from "../support/whole-app";

const PAGE = "/my-registrations/calendar";
const url = startWholeApp();
let organizer: Person;

beforeAll(async () => {
  organizer = await createPerson("ORGANIZER");
});

const get = (path: string, headers: [string, string][] = []) => call(url(), { path, headers });

const open = (title?: string) => openCompetition({ title, organizerId: organizer.id });

/** Somebody who is signed in, with what they see of their calendar. */
async function participant() {
  const person = await createPerson();
  const [cookie = ""] = (await signIn(new Request("http://site.example/"), person.id)).split(";");
  const look = (more = "") => get(PAGE, [["cookie", `${cookie}${more}`]]);
  const press = (intent: string) =>
    call(url(), {
      method: "POST",
      path: PAGE,
      headers: [
        ["cookie", cookie],
        ["content-type", "application/x-www-form-urlencoded"],
      ],
      raw: `intent=${intent}`,
    });
  return { person, look, press };
}

/** The cookies that an answer sets, as the next request sends them. */
const cookiesOf = ({ headers }: ApiReply) =>
  (headers["set-cookie"] ?? []).map((cookie) => `; ${cookie.split(";")[0]}`).join("");

const addressIn = ({ text }: ApiReply) =>
  /value="http:\/\/localhost:\d+(\/calendar\/[\w-]{43}\.ics)"/.exec(text)?.[1];

/** Somebody with a calendar, and its address. */
async function subscriber() {
  const somebody = await participant();
  const made = await somebody.press("renew");
  expect(made).toMatchObject({ status: 303, headers: { location: PAGE } });
  const path = addressIn(await somebody.look(cookiesOf(made)));
  if (!path) throw new Error("no address was shown");
  return { ...somebody, path };
}

describe("the address of one's calendar", () => {
  test("is shown once, on its own page, and stored as a digest", async () => {
    const { person, look, press } = await participant();
    expect((await look()).text).toContain("Make an address");
    const made = await press("renew");
    const shown = await look(cookiesOf(made));
    const path = addressIn(shown) ?? "";
    expect(shown.text).toContain(`href="webcal://localhost`);
    expect(shown.text).toContain("8 to 24 hours");
    expect(cookiesOf(shown)).toContain("secret=");
    expect((await look(cookiesOf(shown))).text).not.toContain(path);
    expect((await look()).text).toContain("Make a new address");
    const rows = await database().execute("select * from calendar_feed where user_id = ?", [
      person.id,
    ]);
    expect(rows).toMatchObject([{ secret_hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(JSON.stringify(rows)).not.toContain(path.slice(10, 53));
    // The browser is somebody else's by now.
    const other = await participant();
    await other.press("renew");
    expect((await other.look(cookiesOf(made))).text).not.toContain(path);
  });

  test("works until there is a new one, or none, and only for a participant", async () => {
    const { person, path, press, look } = await subscriber();
    expect((await get(path)).status).toBe(200);
    const renewed = addressIn(await look(cookiesOf(await press("renew")))) ?? "";
    expect(renewed).not.toBe(path);
    expect((await get(path)).status).toBe(404);
    expect((await get(renewed)).status).toBe(200);
    await setRole({ email: person.email, role: "ORGANIZER" });
    expect((await get(renewed)).status).toBe(404);
    await setRole({ email: person.email, role: "PARTICIPANT" });
    await press("end");
    expect((await get(renewed)).status).toBe(404);
    expect((await look()).text).toContain("Make an address");
  });

  test("looks the same as any other when it opens nothing", async () => {
    const { path, press } = await subscriber();
    await press("end");
    const told = async (asked: string) => {
      const { status, text, headers } = await get(asked);
      const {
        date: _date,
        "x-request-id": _id,
        "content-security-policy": _nonce,
        ...rest
      } = headers;
      return { status, text, rest };
    };
    const closed = await told(path);
    expect(closed.status).toBe(404);
    for (const secret of ["A".repeat(43), "short", "A".repeat(44), "%00".repeat(2), "é"]) {
      const asked = `/calendar/${encodeURIComponent(secret)}.ics`;
      expect(await told(asked), secret).toEqual(closed);
    }
  });

  test("is in no log, however it is spelled", async () => {
    const { path } = await subscriber();
    const secret = path.slice("/calendar/".length, -".ics".length);
    const line = vi.spyOn(log, "info");
    const spellings = [
      path,
      path.toUpperCase().replace(secret.toUpperCase(), secret),
      path.replace("calendar", "c%61lendar"),
      path.replace("/calendar/", "/%2e/x/../calendar/"),
      `${path}.data`,
      `${path}%zz`,
      `/calendar//${secret}`,
    ];
    const statuses = await Promise.all(spellings.map(async (one) => (await get(one)).status));
    expect(statuses[0]).toBe(200);
    await eventually(() => expect(line).toHaveBeenCalledTimes(spellings.length));
    const logged = JSON.stringify(line.mock.calls);
    line.mockRestore();
    expect(logged).not.toContain(secret);
    expect(logged.match(/"path":"\/calendar\/…"/g)).toHaveLength(spellings.length);
  });
});

describe("one's calendar", () => {
  test("has one's seats, places in line and, for thirty days, what was cancelled", async () => {
    const { person, path } = await subscriber();
    const ids = { seat: "", line: "", left: "", deleted: "", back: "", others: "", undated: "" };
    for (const name of Object.keys(ids) as (keyof typeof ids)[]) ids[name] = await open(name);
    for (const id of [ids.seat, ids.left, ids.deleted, ids.back, ids.undated]) {
      await mustRegister(person, id);
    }
    await mustRegister(await createPerson(), ids.others);
    await database().execute(
      `insert into registration (id, competition_id, user_id, status, line_no, registered_at)
       values (?, ?, ?, 'WAITLISTED', 1, now())`,
      [randomUUID(), ids.line, person.id],
    );
    await cancelRegistration({ actor: person, competitionId: ids.left });
    await cancelRegistration({ actor: person, competitionId: ids.back });
    await mustRegister(person, ids.back);
    await deleteCompetition({ actor: organizer, id: ids.deleted });
    await database().execute("update competition set start_date = null where id = ?", [
      ids.undated,
    ]);

    const found = async () =>
      Object.fromEntries(
        eventsOf(await get(path)).map(({ summary = "", status, sequence, description }) => [
          summary,
          [status, sequence, description?.split("\n")[0]?.replace(/^http.*/, "")],
        ]),
      );
    const off = { left: ["CANCELLED", "1", ""], deleted: ["CANCELLED", "1", ""] };
    const on = {
      seat: ["CONFIRMED", "0", "Your seat: 1"],
      line: ["TENTATIVE", "0", ""],
      // Calendars drop what has a lower number than what they know: the seat given back had 1.
      back: ["CONFIRMED", "2", expect.stringMatching("^Your seat: ")],
    };
    expect(await found()).toEqual({ ...on, ...off });
    const letPass = async (interval: string) => {
      await database().execute(
        `update registration set updated_at = updated_at - ?::interval where user_id = ?;
         update competition set deleted_at = deleted_at - ?::interval where id = ?`,
        [interval, person.id, interval, ids.deleted],
      );
    };
    await letPass("29 days 23 hours");
    expect(Object.keys(await found()).sort()).toEqual(Object.keys({ ...on, ...off }).sort());
    await letPass("1 hour 1 second");
    expect(Object.keys(await found()).sort()).toEqual(Object.keys(on).sort());
  });

  test("removes what has lost its start, as mail does, and nobody who came later hears of it", async () => {
    const { person, path } = await subscriber();
    const id = await open("Some day");
    const registrationId = (await mustRegister(person, id)).body.id;
    const [event] = eventsOf(await get(path));
    await editCompetition({ actor: organizer, id, changes: { startDate: null } });
    const off = { status: "CANCELLED", uid: event?.uid, dtstart: event?.dtstart };
    expect(eventsOf(await get(path))).toEqual([expect.objectContaining({ ...off, sequence: "1" })]);
    const late = await createPerson();
    await mustRegister(late, id);
    expect(eventsOf({ text: await writeOwnCalendar({ actor: late }) })).toEqual([]);

    const letPass = (days: number) =>
      database().execute(
        `update registration set registered_at = registered_at - make_interval(days => ?)
          where competition_id = ? and user_id = ?;
         update competition_change set changed_at = changed_at - make_interval(days => ?)
          where competition_id = ?`,
        [days, id, person.id, days, id],
      );
    await letPass(29);
    await tellChanges();
    const [change] = await database().execute<{ id: string }[]>(
      "select id from competition_change where competition_id = ?",
      [id],
    );
    const changed = await composeChange({ registrationId, changeId: change?.id });
    expect(changed?.text).not.toContain("event.ics");
    await cancelCompetition({ actor: organizer, id });
    for (const mail of [changed, await composeCancellation({ registrationId })]) {
      expect(mail?.calendar).toContain("METHOD:CANCEL");
      expect(eventsOf({ text: mail?.calendar ?? "" })).toMatchObject([off]);
    }
    expect(eventsOf(await get(path))).toMatchObject([off]);
    await letPass(1);
    expect(eventsOf(await get(path))).toEqual([]);
  });

  test("tells programs its name and how often to look, may be cached for a while, and needs no cookie", async () => {
    const { person, path } = await subscriber();
    for (const id of [await open(), await open(), await open()]) await mustRegister(person, id);
    const reply = await get(path, [["accept-encoding", "gzip"]]);
    // What is as long would be packed, and a strong tag names these very bytes.
    expect(reply.text.length).toBeGreaterThan(1_024);
    for (const line of [
      "METHOD:PUBLISH",
      "NAME:Mini Compete",
      "X-WR-CALNAME:Mini Compete",
      "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
      "X-PUBLISHED-TTL:PT1H",
    ]) {
      expect(reply.text).toContain(`\r\n${line}\r\n`);
    }
    expect(reply.headers).toMatchObject({
      "content-type": "text/calendar; charset=utf-8",
      "cache-control": "private, max-age=900",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
      etag: expect.stringMatching(/^"[\w-]{16}"$/),
    });
    for (const name of ["content-disposition", "content-encoding", "set-cookie"]) {
      expect(reply.headers).not.toHaveProperty(name);
    }
  });

  test("is not sent again until it has changed", async () => {
    const { person, path } = await subscriber();
    const id = await open();
    await mustRegister(person, id);
    const { headers } = await get(path);
    const known: [string, string][] = [["if-none-match", String(headers.etag)]];
    expect(await get(path, known)).toMatchObject({ status: 304, text: "" });
    await editCompetition({ actor: organizer, id, changes: { title: "Moved" } });
    const changed = await get(path, known);
    expect(changed.status).toBe(200);
    expect(changed.text).toContain("SUMMARY:Moved");
  });

  test("is refused to programs that ask on and on, and to nobody else", async () => {
    const [busy, other] = [await subscriber(), await subscriber()];
    env().RATE_LIMITS = "on";
    onTestFinished(() => {
      env().RATE_LIMITS = "off";
    });
    const caller = { address: undefined, account: busy.person.id };
    await Promise.all(Array.from({ length: 119 }, () => limit("calendar", caller)));
    expect((await get(busy.path)).status).toBe(200);
    const refused = await get(busy.path);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await get(other.path)).status).toBe(200);
  });
});
