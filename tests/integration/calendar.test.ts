import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  cancelCompetition,
  cloneCompetition,
  deleteCompetition,
  editCompetition,
} from "~/domain/competitions/index.server";
import type { MailMessage } from "~/domain/mail/index.server";
import {
  cancelRegistration,
  composeConfirmation,
  composeDeletion,
  composeGivenBack,
  composeJoined,
  composePromoted,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { signIn } from "~/web/sessions";
import { call } from "../support/api-client";
import { eventsOf } from "../support/events";
import { createPerson, openCompetition, type Person } from "../support/fixtures";
import { mustRegister } from "../support/registering";
import { startWholeApp } from "../support/whole-app";

const url = startWholeApp();
let organizer: Person;

beforeAll(async () => {
  organizer = await createPerson("ORGANIZER");
});

const get = (path: string, headers: [string, string][] = []) => call(url(), { path, headers });

const open = (title?: string) => openCompetition({ title, organizerId: organizer.id });

async function eventOf(competitionId: string): Promise<Record<string, string>> {
  const reply = await get(`/competitions/${competitionId}/event.ics`);
  expect(reply.status).toBe(200);
  const [event = {}] = eventsOf(reply);
  return event;
}

describe("a competition's file", () => {
  test("is there for everybody while the competition is there and has a start, and so is its link", async () => {
    const id = await open("Chess, blitz");
    const reply = await get(`/competitions/${id}/event.ics`);
    expect(reply.headers["content-type"]).toBe("text/calendar; charset=utf-8");
    expect(reply.headers).not.toHaveProperty("content-disposition");
    expect(eventsOf(reply)).toMatchObject([
      { uid: `competition-${id}@localhost`, summary: "Chess, blitz", status: "CONFIRMED" },
    ]);
    const link = `href="/competitions/${id}/event.ics"`;
    expect((await get(`/competitions/${id}`)).text).toContain(link);

    await database().execute("update competition set start_date = null where id = ?", [id]);
    expect((await get(`/competitions/${id}/event.ics`)).status).toBe(404);
    // Another address, since pages are kept for a second.
    expect((await get(`/competitions/${id}?x`)).text).not.toContain(link);
    const gone = await open();
    await deleteCompetition({ actor: organizer, id: gone });
    expect((await get(`/competitions/${gone}/event.ics`)).status).toBe(404);
    expect((await get(`/competitions/${randomUUID()}/event.ics`)).status).toBe(404);
    expect((await get("/competitions/none/event.ics")).status).toBe(404);
  });

  test("is offered, like registration, only for a competition that takes place", async () => {
    const session = await signIn(new Request("http://site.example/"), organizer.id);
    const [cookie = ""] = session.split(";");
    const id = await open();
    await cancelCompetition({ actor: organizer, id });
    const cloned = await cloneCompetition({ actor: organizer, id });
    if (cloned.status !== "cloned") throw new Error(cloned.status);
    await database().execute("update competition set start_date = now() where id = ?", [
      cloned.competition.id,
    ]);
    const look = async (one: string) =>
      (await get(`/competitions/${one}`, [["cookie", cookie]])).text;
    const [notice, copy] = [await look(id), await look(cloned.competition.id)];
    for (const page of [notice, copy]) expect(page).not.toContain("Add to calendar");
    expect(notice).not.toContain("Register until");
    expect(copy).toMatch(/Register until<\/dt><dd[^>]*>To be announced/);
  });

  test("has a new version after each change that calendars show, whoever makes it, and otherwise stays the same", async () => {
    const id = await open();
    const edit = async (changes: Parameters<typeof editCompetition>[0]["changes"]) => {
      const before = await eventOf(id);
      await editCompetition({ actor: organizer, id, changes });
      const after = await eventOf(id);
      expect(String(after.dtstamp) >= String(before.dtstamp)).toBe(true);
      return Number(after.sequence) - Number(before.sequence);
    };
    expect(await edit({ title: "Another" })).toBe(1);
    expect(await edit({ startDate: new Date(Date.now() + 40 * 86_400_000) })).toBe(1);
    const endsAt = new Date(Date.now() + 41 * 86_400_000);
    expect(await edit({ endsAt, location: "Town hall" })).toBe(1);
    const { dtend, location } = await eventOf(id);
    expect([Date.parse(dtend ?? ""), location]).toEqual([
      Math.floor(endsAt.getTime() / 1_000) * 1_000,
      "Town hall",
    ]);
    expect(await edit({ capacity: 20, description: "More of it", tags: ["x"] })).toBe(0);
    expect(await edit({ title: "Another" })).toBe(0);
    const before = await eventOf(id);
    await database().execute("update competition set title = 'By hand' where id = ?", [id]);
    expect(Number((await eventOf(id)).sequence)).toBe(Number(before.sequence) + 1);
  });
});

test("mail about a seat that came free brings the event, and mail about the line brings none", async () => {
  const [person, competitionId] = [await createPerson(), await open()];
  const { body } = await mustRegister(person, competitionId);
  const seat = await composePromoted({ registrationId: body.id });
  expect(seat?.calendar).toContain(`UID:competition-${competitionId}@localhost`);
  expect(seat?.text).toContain(`/competitions/${competitionId}/event.ics`);
  await database().execute(
    "update registration set status = 'WAITLISTED', seat_no = null, line_no = 1 where id = ?",
    [body.id],
  );
  const line = await composeJoined({ registrationId: body.id });
  expect(line?.calendar).toBeNull();
  expect(line?.text).not.toContain("event.ics");
  await deleteCompetition({ actor: organizer, id: competitionId });
  expect((await composeDeletion({ registrationId: body.id }))?.calendar).toBeNull();
});

test("mail about a seat that is given back removes the event, and each later mail is newer", async () => {
  const [person, competitionId] = [await createPerson(), await open()];
  const told: (string | undefined)[][] = [];
  const note = (mail: MailMessage | null) => {
    const [event] = eventsOf({ text: mail?.calendar ?? "" });
    const [method] = /(?<=METHOD:)\w+/.exec(mail?.calendar ?? "") ?? [];
    told.push([method, event?.uid, event?.status, event?.sequence]);
    return mail;
  };
  const take = async () => {
    const registrationId = (await mustRegister(person, competitionId)).body.id;
    note(await composeConfirmation({ registrationId }));
    await cancelRegistration({ actor: person, competitionId });
    return { registrationId, seatNo: "1" };
  };
  note(await composeGivenBack(await take()));
  const second = await take();
  note(await composeGivenBack(second));
  await deleteCompetition({ actor: organizer, id: competitionId });
  const late = note(await composeGivenBack(second));
  const uid = `competition-${competitionId}@localhost`;
  expect(told).toEqual([
    ["PUBLISH", uid, "CONFIRMED", "0"],
    ["CANCEL", uid, "CANCELLED", "1"],
    ["PUBLISH", uid, "CONFIRMED", "2"],
    ["CANCEL", uid, "CANCELLED", "3"],
    ["CANCEL", uid, "CANCELLED", "4"],
  ]);
  expect(late?.text).toContain("The competition is no longer taking place.");
});
