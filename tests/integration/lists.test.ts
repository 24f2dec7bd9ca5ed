import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { browseOwnCompetitions } from "~/domain/competitions/index.server";
import { listSubjects } from "~/domain/mail/index.server";
import {
  browseOwnRegistrations,
  countParticipants,
  listParticipants,
  registrationsOverTime,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { signIn } from "~/web/sessions";
import { showParticipants } from "../../app/routes/competitions_.$id_.participants/show.server";
import { loader as printMailbox } from "../../app/routes/mailbox_.print/route";
import {
  closeEverything,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
} from "../support/fixtures";

afterAll(closeEverything);

const SUBJECTS = ["Zebra", "Ångström", "apple", "Éclair", "Straße 7", "100% sure"];
const BY_SUBJECT = ["100% sure", "Ångström", "apple", "Éclair", "Straße 7", "Zebra"];

describe("one's mail", () => {
  test("is sorted both ways, page by page, and shows each once", async () => {
    const { actor, stranger } = await mailOfTwo();
    const walk = async (sort: Parameters<typeof listSubjects>[0]["sort"]) => {
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await listSubjects({ actor, limit: 4, after, sort });
        seen.push(...page.map(({ subject }) => subject));
        if (page.length < 4 || seen.length > 20) return seen;
        after = page.at(-1)?.id;
      }
    };
    const newestFirst = [...SUBJECTS].reverse();
    expect(await walk(undefined)).toEqual(newestFirst);
    expect(await walk({ by: "sent", descending: false })).toEqual(SUBJECTS);
    expect(await walk({ by: "subject", descending: false })).toEqual(BY_SUBJECT);
    expect(await walk({ by: "subject", descending: true })).toEqual([...BY_SUBJECT].reverse());

    const [theirs] = await listSubjects({ actor: stranger, limit: 1 });
    for (const after of [theirs?.id, randomUUID(), "no id", ""]) {
      expect(await listSubjects({ actor, limit: 1, after })).toMatchObject([
        { subject: newestFirst[0] },
      ]);
    }
  });

  test.each([
    ["ANGSTROM", ["Ångström"]],
    ["7 strasse", ["Straße 7"]],
    ["e\u0301clair", ["Éclair"]],
    ["%", ["100% sure"]],
    ["apple zebra", []],
    [" \0 ", [...SUBJECTS].reverse()],
  ])("is searched for %j", async (q, found) => {
    const { actor } = await mailOfTwo();
    const mails = await listSubjects({ actor, limit: 9, q });
    expect(mails.map(({ subject }) => subject)).toEqual(found);
  });

  test("is read from an index in every order", async () => {
    for (const sort of ["sent_at", `left(plain_words(subject), 100) collate "C"`]) {
      const plan = await database().transactional(async (em) => {
        // A few mails are read and sorted faster than any index.
        await em.execute("set local enable_seqscan = off; set local enable_sort = off");
        return em.execute(
          `explain select id from mail_box where user_id = ?
             and (${sort}, id) < (select ${sort}, id from mail_box where id = ?)
           order by ${sort} desc, id desc limit 9`,
          [randomUUID(), randomUUID()],
        );
      });
      expect(JSON.stringify(plan)).toMatch(/Index.*mail_box_(newest|subject)_index/);
      expect(JSON.stringify(plan)).not.toContain("Sort");
    }
  });

  test("is found by the last word of a long subject", async () => {
    const actor = await createPerson();
    await sendMail(actor, [`${"a b".repeat(40)} Çedille`, "a b"]);
    expect(await listSubjects({ actor, limit: 9, q: "cedille" })).toHaveLength(1);
  });

  test("accepts titles that grow when they are made plain", async () => {
    const actor = await createPerson();
    const subject = Array.from({ length: 300 }, (_, n) =>
      String.fromCodePoint(n % 2 ? 0xfdfa : 0x4e00 + ((n * 7_919) % 20_000)),
    ).join("");
    await sendMail(actor, [subject]);
    expect(await listSubjects({ actor, limit: 1 })).toMatchObject([{ subject }]);
  });

  test("is printed as a whole, and what people wrote stays text", async () => {
    const actor = await createPerson();
    const subjects = Array.from({ length: 1_001 }, (_, n) => `Mail ${n}.`);
    await sendMail(actor, [...subjects, "</tbody><script>alert(1)</script>…"]);
    const cookie = (await signIn(new Request("http://site/"), actor.id)).split(";")[0] ?? "";
    const print = async (query: string) => {
      const request = new Request(`http://site/mailbox/print${query}`, { headers: { cookie } });
      const document = await printMailbox({ request, params: {}, context: {} });
      return document.text();
    };
    const all = await print("");
    expect(subjects.filter((subject) => !all.includes(`>${subject}<`))).toEqual([]);
    expect(all.match(/1,002 in all\.|<script/g)).toEqual(["1,002 in all."]);
    expect(all.match(/<\/tbody>/g)).toHaveLength(1);
    const some = await print("?q=mail+7.&sort=subject&page=x");
    expect(some.match(/Found for “mail 7.”|100 in all/g)).toHaveLength(2);
    expect(some.indexOf(">Mail 107.<")).toBeLessThan(some.indexOf(">Mail 17.<"));
  });
});

describe("participants", () => {
  test("are sorted both ways and found by name and address, for their organizer", async () => {
    const actor = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: actor.id });
    const names = ["Zoë Ångström", "anna Ång", "Bob"];
    const people = await createPeople(3);
    for (const [n, person] of people.entries()) {
      await database().execute('update "user" set name = ? where id = ?', [names[n], person.id]);
      await takeSeat(person, { competitionId, seatNo: n + 1 });
    }
    const list = async (more: object) =>
      (await listParticipants({ actor, competitionId, ...more }))?.map(({ seatNo }) => seatNo);
    expect(await list({ sort: { by: "seat", descending: true } })).toEqual([3, 2, 1]);
    expect(await list({ sort: { by: "name", descending: false } })).toEqual([2, 3, 1]);
    expect(await list({ sort: { by: "name", descending: true }, limit: 1, skip: 1 })).toEqual([3]);
    expect(await list({ sort: { by: "registeredAt", descending: true }, limit: 1 })).toEqual([3]);
    expect(await list({ q: "ANG" })).toEqual([1, 2]);
    expect(await list({ q: "angstrom zoe" })).toEqual([1]);
    expect(await list({ q: people[2]?.email.toUpperCase() })).toEqual([3]);
    expect(await list({ q: "ang", limit: 1, skip: 1 })).toEqual([2]);
    expect(await list({ q: "%" })).toEqual([]);
    expect(await list({ afterSeat: 2 })).toEqual([3]);
    expect(await list({ afterSeat: 1, q: "ang" })).toEqual([2]);
    expect(await countParticipants({ actor, competitionId, q: "ang" })).toBe(2);
    expect(await countParticipants({ actor, competitionId })).toBe(3);
    const sum = async () => (await registrationsOverTime({ actor, competitionId }))?.at(-1)?.total;
    expect(await sum()).toBe(3);
    await database().execute(
      "update registration set status = 'CANCELLED', seat_no = null where user_id = ?",
      [people[1]?.id],
    );
    expect(await countParticipants({ actor, competitionId, q: "ang" })).toBe(1);
    expect(await countParticipants({ actor, competitionId })).toBe(2);
    expect(await list({})).toEqual([1, 3]);
    expect(await sum()).toBe(2);
    const stranger = await createPerson("ORGANIZER");
    expect(await countParticipants({ actor: stranger, competitionId, q: "ang" })).toBeNull();
  });
});

test("a long line, or a search in it, is shown to its organizer page by page below the seats", async () => {
  const actor = await createPerson("ORGANIZER");
  const competitionId = await openCompetition({ organizerId: actor.id });
  const people = await createPeople(203);
  await database().execute(
    `insert into registration (id, competition_id, user_id, status, line_no, registered_at)
     select gen_random_uuid(), ?, id, 'WAITLISTED', n, now()
       from unnest(?::uuid[]) with ordinality as person(id, n)`,
    [competitionId, `{${people.map(({ id }) => id)}}`],
  );
  const cookie = (await signIn(new Request("http://site/"), actor.id)).split(";")[0] ?? "";
  const look = async (query: string) => {
    const request = new Request(`http://site/x?${query}`, { headers: { cookie } });
    const { line, page } = await showParticipants(request, competitionId);
    const places = line.people.map(({ place }) => place);
    return [page, line.page, line.pages, places.length, places[0], places.at(-1)];
  };
  expect(await look("")).toEqual([1, 1, 3, 100, 1, 100]);
  expect(await look("line=2&page=9")).toEqual([1, 2, 3, 100, 101, 200]);
  expect(await look("line=99")).toEqual([1, 3, 3, 3, 201, 203]);
  const found = people.slice(150).map(({ id }) => id);
  await database().execute(`update "user" set name = 'Found' where id = any(?::uuid[])`, [
    `{${found}}`,
  ]);
  expect(await look("q=found&line=2")).toEqual([1, 1, 1, 53, 151, 203]);
});

describe("one's own", () => {
  const TITLES = ["Zebra", "Ångström", "apple"];
  const START = "update competition set start_date = case when title = 'Zebra' then now() end";

  /** What somebody has, by its title, in its order: the start, in days from now; what it is; how it is off. */
  const OWN: [title: string, start: number | null, status: string, off?: string][] = [
    ["in a week", 7, "CONFIRMED"],
    ["Ångström", 9, "CONFIRMED"],
    ["undated", null, "CONFIRMED"],
    ["line", 3, "WAITLISTED"],
    ["other line", 4, "WAITLISTED"],
    ["yesterday", -1, "CONFIRMED"],
    ["never a seat", -2, "WAITLISTED"],
    ["tidied away", -3, "CONFIRMED", "deleted_at"],
    ["long ago", -900, "CONFIRMED"],
    ["given back", 1, "CANCELLED"],
    ["called off", 1, "CONFIRMED", "cancelled_at"],
    ["taken down", 1, "CONFIRMED", "deleted_at"],
  ];

  test("registrations are in their parts, by date, and paged and searched with two queries", async () => {
    const actor = await createPerson();
    for (const [n, [title, start, status, off]] of [...OWN.entries()].reverse()) {
      const id = await openCompetition({ title });
      await database().execute(
        `update competition set start_date = now() + make_interval(days => ?),
           reg_deadline = coalesce(now() + make_interval(days => ?), reg_deadline),
           ${off ?? "deleted_at"} = ? where id = ?`,
        [start, start, off ? new Date(Date.now() - n * 60_000).toISOString() : null, id],
      );
      await takeSeat(actor, { competitionId: id, seatNo: 1, status });
      // It was given back before, and stands again.
      if (n === 0) await takeSeat(actor, { competitionId: id, seatNo: 1, status: "CANCELLED" });
    }
    const queries = vi.spyOn(Client.prototype, "query");
    onTestFinished(() => queries.mockRestore());
    const list = async (more: object) => {
      queries.mockClear();
      const found = await browseOwnRegistrations({ actor, page: 1, perPage: 20, ...more });
      expect(found.total).toBeGreaterThanOrEqual(found.items.length);
      const titles = found.items.map(({ competition }) => competition.title);
      return { ...found, titles };
    };
    const titles = OWN.map(([title]) => title);
    const { items, ...all } = await list({});
    expect(all).toMatchObject({ titles, page: 1, pages: 1, total: 12 });
    expect(queries).toHaveBeenCalledTimes(2);
    const part = (name: string) => items.filter((item) => item.part === name).length;
    expect(["upcoming", "in line", "past", "cancelled"].map(part)).toEqual([3, 2, 4, 3]);
    expect(items.slice(2, 6).map(({ place }) => place)).toEqual([
      ...[null, "about 1st", "about 1st", null],
    ]);
    expect(items.slice(9).map(({ off }) => off)).toEqual([
      ...["given back", "by the organizer", "taken down"],
    ]);
    const second = await list({ page: 2, perPage: 4 });
    expect(second).toMatchObject({ titles: titles.slice(4, 8), page: 2, pages: 3, total: 12 });
    expect(queries).toHaveBeenCalledTimes(2);
    expect(await list({ page: 99, perPage: 5 })).toMatchObject({
      ...{ titles: ["called off", "taken down"], page: 3 },
    });
    expect(await list({ q: "ANGSTROM" })).toMatchObject({ titles: ["Ångström"], total: 1 });
    expect(await list({ q: "nothing", page: 2 })).toMatchObject({ titles: [], page: 1, pages: 1 });
    const organizer = await createPerson("ORGANIZER");
    await expect(list({ actor: organizer })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("competitions are paged, sorted both ways and searched", async () => {
    const actor = await createPerson("ORGANIZER");
    for (const title of TITLES) await openCompetition({ title, organizerId: actor.id });
    await openCompetition({ title: "Zebra of somebody else" });
    await database().execute(START);
    const list = async (more: object) => {
      const found = await browseOwnCompetitions({ actor, page: 1, perPage: 2, ...more });
      return [found.page, found.pages, ...found.items.map(({ title }) => title)];
    };
    expect(await list({})).toEqual([1, 2, "apple", "Ångström"]);
    expect(await list({ page: 99 })).toEqual([2, 2, "Zebra"]);
    expect(await list({ sort: { by: "title", descending: false } })).toEqual([
      1,
      2,
      "Ångström",
      "apple",
    ]);
    expect((await list({ sort: { by: "start", descending: false } }))[2]).toBe("Zebra");
    expect(await list({ q: "zebra" })).toEqual([1, 1, "Zebra"]);
    expect(await list({ q: "%" })).toEqual([1, 1]);
  });
});

async function mailOfTwo(): Promise<{ actor: Person; stranger: Person }> {
  const [actor, stranger] = (await createPeople(2)) as [Person, Person];
  await sendMail(actor, SUBJECTS);
  await sendMail(stranger, ["Not theirs"]);
  return { actor, stranger };
}

/** Writes mails, each a second after the one before. */
async function sendMail(person: Person, subjects: string[]): Promise<void> {
  await database().execute(
    `insert into mail_box (id, user_id, "to", subject, body, html, sent_at, dedupe_key)
     select gen_random_uuid(), ?, ?, subject, 'b', 'h', now() - make_interval(secs => 10000 - n),
            gen_random_uuid()
       from json_array_elements_text(?::json) with ordinality as mail(subject, n)`,
    [person.id, person.email, JSON.stringify(subjects)],
  );
}

async function takeSeat(
  { id }: Person,
  taken: { competitionId: string; seatNo: number; status?: string },
): Promise<void> {
  const { competitionId, seatNo, status = "CONFIRMED" } = taken;
  await database().execute(
    `insert into registration (id, competition_id, user_id, status, seat_no, line_no, registered_at)
     values (gen_random_uuid(), ?, ?, ?, ?, ?, clock_timestamp())`,
    [
      competitionId,
      id,
      status,
      status === "CONFIRMED" ? seatNo : null,
      status === "WAITLISTED" ? 1 : null,
    ],
  );
}
