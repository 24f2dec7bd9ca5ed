import { describe, expect, test } from "vitest";
import {
  browseCompetitions,
  browseOwnCompetitions,
  deleteCompetition,
  findCompetition,
  listCompetitions,
  upcomingCompetitions,
} from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { create, queriesOf, sql, startWithoutCompetitions } from "../support/competition-lists";
import { createPerson, wipeRedis } from "../support/fixtures";

const organizer = startWithoutCompetitions();

describe("the list", () => {
  test("goes from newest to oldest, page by page, and shows each once", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) ids.unshift(await create({ title: `Number ${n}` }));
    // Three of one instant: the id decides between them.
    await sql("update competition set created_at = now() where title in ('Number 1', 'Number 3')");
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listCompetitions({ limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect([...seen].sort()).toEqual([...ids].sort());
    expect(seen.slice(2)).toEqual(ids.filter((id) => !seen.slice(0, 2).includes(id)));
  });

  test("of competitions made at one instant shows each once, whatever the page's size", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await create({ title: `Twin ${n}` }));
    await sql("update competition set created_at = now()");
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listCompetitions({ limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor && seen.length < 10);
    expect(seen).toEqual(ids.sort().reverse());
  });

  test("neither repeats nor skips when something new appears between two pages", async () => {
    for (let n = 0; n < 4; n++) await create({ title: `Old ${n}` });
    const first = await listCompetitions({ limit: 2 });
    await create({ title: "New" });
    const second = await listCompetitions({ limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map(({ title }) => title)).toEqual([
      "Old 3",
      "Old 2",
      "Old 1",
      "Old 0",
    ]);
    expect(second.nextCursor).toBeNull();
  });

  test.each(["x", "null", "é".repeat(90), Buffer.from("2030 7").toString("base64url")])(
    "refuses the cursor %j",
    async (cursor) => {
      await expect(listCompetitions({ limit: 2, cursor })).rejects.toMatchObject({
        code: "validation_failed",
        details: { fields: [{ field: "cursor" }] },
      });
    },
  );

  test("counts seats with Redis, without it, and with a Redis that has forgotten", async () => {
    const full = await create({ capacity: 1 });
    const open = await create({ capacity: 3 });
    for (const competitionId of [full, open]) {
      const result = await register({ user: await createPerson(), competitionId });
      expect(result.status).toBe("registered");
    }
    const expected = [
      { id: open, registrations: 1, seatsLeft: 2, state: "open" },
      { id: full, registrations: 1, seatsLeft: 0, state: "full" },
    ];
    expect((await listCompetitions({ limit: 9 })).items).toMatchObject(expected);
    await wipeRedis();
    expect((await listCompetitions({ limit: 9 })).items).toMatchObject(expected);
  });

  test("costs at most two queries, however long it is", async () => {
    for (let n = 0; n < 6; n++) await create({});
    await wipeRedis();
    expect(await queriesOf(() => listCompetitions({ limit: 9 }))).toHaveLength(2);
  });

  test("shows 300 characters of a description and says so; a competition's own page has all of it", async () => {
    const description = "Words and more words. ".repeat(400).trim();
    const long = await create({ description });
    await create({ description: "Short" });
    const [short, shortened] = (await listCompetitions({ limit: 9 })).items;
    expect(short).toMatchObject({ description: "Short", descriptionShortened: false });
    expect(shortened).toMatchObject({
      description: description.slice(0, 300),
      descriptionShortened: true,
    });
    expect((await findCompetition({ id: long }))?.description).toBe(description);
  });
});

describe("pages", () => {
  test("are numbered, and a page past the last is the last", async () => {
    for (let n = 0; n < 5; n++) await create({ title: `Number ${n}` });
    const second = await browseCompetitions({ page: 2, perPage: 2 });
    expect(second).toMatchObject({ page: 2, pages: 3, total: 5 });
    expect(second.items.map(({ title }) => title)).toEqual(["Number 2", "Number 1"]);
    expect(await browseCompetitions({ page: 99, perPage: 2 })).toMatchObject({ page: 3 });
    expect(await browseCompetitions({ page: 1, q: "none" })).toEqual({
      items: [],
      page: 1,
      pages: 1,
      total: 0,
      more: false,
    });
  });

  test("have an organizer's own competitions, and nothing that was deleted", async () => {
    const id = await create({ title: "Mine" });
    await create({ title: "Also mine" });
    const other = await createPerson("ORGANIZER");
    const own = { page: 1, perPage: 9 };
    expect(await browseOwnCompetitions({ ...own, actor: other })).toMatchObject({ total: 0 });
    await deleteCompetition({ id, actor: organizer() });
    const { items } = await browseOwnCompetitions({ ...own, actor: organizer() });
    expect(items.map(({ title }) => title)).toEqual(["Also mine"]);
    expect((await listCompetitions({ limit: 9 })).items).toHaveLength(1);
  });

  test("show what is still open for registration, the soonest first", async () => {
    const soon = await create({ title: "Soon", hours: 2 });
    const later = await create({ title: "Later", hours: 30 });
    const closed = await create({ title: "Closed" });
    await sql("update competition set reg_deadline = now() where id = ?", [closed]);
    const upcoming = await upcomingCompetitions({ limit: 5 });
    expect(upcoming.map(({ id }) => id)).toEqual([soon, later]);
    expect(await upcomingCompetitions({ limit: 1 })).toHaveLength(1);
  });
});
