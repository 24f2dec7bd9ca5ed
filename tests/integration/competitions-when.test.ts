import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import {
  browseCompetitions,
  browseOrganizer,
  findNext,
  hasNext,
  listCompetitions,
} from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { create, queriesOf, sql, startWithoutCompetitions } from "../support/competition-lists";
import { createPerson, unhurried } from "../support/fixtures";

const organizer = startWithoutCompetitions();

const HOUR = 3_600_000;

describe("what is open, opens soon, and is over", () => {
  /** Hours from now. */
  interface Kind {
    opens: number | null;
    deadline: number;
    start: number | null;
    ends?: number;
  }

  /** One competition of each kind, by name. */
  const kinds: Record<string, Kind> = {
    now: { opens: null, deadline: 5, start: 30 },
    first: { opens: -1, deadline: 3, start: 9 },
    undated: { opens: null, deadline: 20, start: null },
    full: { opens: null, deadline: 4, start: 8 },
    line: { opens: null, deadline: 6, start: 7 },
    later: { opens: 3, deadline: 9, start: 10 },
    soonest: { opens: 1, deadline: 90, start: 99 },
    closed: { opens: null, deadline: -1, start: 2 },
    unknown: { opens: null, deadline: -2, start: null },
    begun: { opens: null, deadline: -5, start: -1 },
    gone: { opens: -90, deadline: -80, start: -70 },
    running: { opens: null, deadline: -9, start: -8, ends: 1 },
    finished: { opens: null, deadline: -9, start: -8, ends: -7 },
  };
  const inHours = (hours: number | null | undefined) =>
    hours ? new Date(Date.now() + hours * HOUR).toISOString() : null;

  beforeEach(async () => {
    for (const [title, { opens, deadline, start, ends }] of Object.entries(kinds)) {
      const id = await create({ title, capacity: 1, tags: [title.length > 5 ? "long" : "short"] });
      const dates = [opens, deadline, start, ends].map(inHours);
      await sql(
        `update competition set opens_at = ?, reg_deadline = ?, start_date = ?, ends_at = ?,
           waitlist_limit = ? where id = ?`,
        [...dates, title === "line" ? 1 : 0, id],
      );
      if (["full", "line"].includes(title))
        await register({ user: await createPerson(), competitionId: id });
    }
  });

  const titlesOf = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);

  test.each([
    ["open", ["line", "first", "undated", "now"]],
    ["soon", ["soonest", "later"]],
    ["past", ["begun", "finished", "gone"]],
  ] as const)("%s are, by their day: %j", async (when, titles) => {
    const list = await browseCompetitions({ when, page: 1 });
    expect(titlesOf(list)).toEqual(titles);
    expect(list).toMatchObject({ total: titles.length, more: false });
    const second = await browseCompetitions({ when, page: 2, perPage: 1 });
    expect(titlesOf(second)).toEqual(titles.slice(1, 2));
    // Elsewhere it narrows down, and the order stays.
    const newest = Object.keys(kinds).filter((title) => titles.some((one) => one === title));
    expect(titlesOf(await listCompetitions({ when, limit: 9 }))).toEqual(newest.reverse());
  });

  test("can be searched by words and tag as well", async () => {
    const found = { when: "open", page: 1 } as const;
    expect(titlesOf(await browseCompetitions({ ...found, tag: "long" }))).toEqual(["undated"]);
    expect(titlesOf(await browseCompetitions({ ...found, q: "first" }))).toEqual(["first"]);
    expect(titlesOf(await browseCompetitions({ ...found, q: "about" }))).toEqual([
      "line",
      "first",
      "undated",
      "now",
    ]);
    expect(titlesOf(await browseCompetitions({ ...found, q: "gone" }))).toEqual([]);
  });

  test("are open again once a seat is given back, and somebody's next ones are their own", async () => {
    const person = await createPerson();
    const ids = await sql(
      "select id, title from competition where title in ('full', 'now', 'gone')",
    );
    const idOf = new Map(ids.map((row) => Object.values(row as object) as [string, string]));
    for (const [id, title] of idOf) {
      if (title === "now") await register({ user: person, competitionId: id });
      if (title === "full") await sql("delete from registration where competition_id = ?", [id]);
    }
    const open = await browseCompetitions({ when: "open", page: 1 });
    expect(titlesOf(open)).toEqual(["line", "full", "first", "undated"]);
    const actor = { id: person.id, role: "PARTICIPANT" } as const;
    await sql(
      `insert into registration (id, competition_id, user_id, status, line_no, registered_at)
       select gen_random_uuid(), id, ?, 'WAITLISTED', 1, now() from competition where title = 'later'`,
      [person.id],
    );
    const next = await findNext(actor, { limit: 3 });
    expect(next.map(({ title, has }) => [title, has])).toEqual([
      ["later", "a place"],
      ["now", "a seat"],
    ]);
    expect([await hasNext(actor), await hasNext({ ...actor, id: randomUUID() })]).toEqual([
      true,
      false,
    ]);
    const own = await findNext({ id: organizer().id, role: "ORGANIZER" }, { limit: 4 });
    expect(titlesOf({ items: own })).toEqual(["running", "closed", "line", "full"]);

    const page = { organizerId: organizer().id, page: 1, perPage: 10 };
    const first = await browseOrganizer(page);
    expect(first).toMatchObject({ total: 13, pages: 2 });
    const shown = [...first.items, ...(await browseOrganizer({ ...page, page: 2 })).items];
    expect(shown.map(({ title }) => title)).toEqual([
      ...["running", "closed", "line", "full", "first", "later", "undated", "now", "soonest"],
      ...["begun", "unknown", "finished", "gone"],
    ]);
    expect(shown.map(({ isOver }) => isOver).indexOf(true)).toBe(9);
  });

  test("are found by common words, in the order of their dates", async () => {
    await unhurried(
      `insert into competition (id, title, description, capacity, reg_deadline, start_date, created_by_id)
       select gen_random_uuid(), 'Many ' || n, 'Of them', 1, now() + interval '1 h',
              now() + make_interval(hours => (n * 7) % 997 + 2), ?
         from generate_series(1, 400) n`,
      [organizer().id],
    );
    await unhurried(
      "insert into seat (competition_id, seat_no) select id, 1 from competition where title like 'Many%'",
    );
    const [expected] = (await sql(
      "select array_agg(title order by start_date, id) as titles from competition where title like 'Many%'",
    )) as { titles: string[] }[];
    const found = await browseCompetitions({ when: "open", q: "many", page: 3, perPage: 20 });
    expect(found).toMatchObject({ page: 3, total: 300, more: true });
    expect(titlesOf(found)).toEqual(expected?.titles.slice(40, 60));
  });

  test("are read from an index, ten thousand as quickly as ten", async () => {
    await unhurried(
      `insert into competition (id, title, description, capacity, reg_deadline, start_date, created_by_id)
       select gen_random_uuid(), 'T' || n, 'D', 1, now() + make_interval(mins => n - 3000),
              now() + make_interval(mins => n - 2990), ?
         from generate_series(1, 10000) n`,
      [organizer().id],
    );
    await unhurried(
      "insert into seat (competition_id, seat_no) select id, 1 from competition where title like 'T%'",
    );
    for (const table of ["competition", "registration", "seat"])
      await unhurried(`analyze ${table}`);
    const list = await browseCompetitions({ when: "open", page: 300, perPage: 20 });
    expect(list).toMatchObject({ page: 300, total: 7004, more: false });
    for (const when of ["open", "past"] as const) {
      const [asked] = await queriesOf(
        () => browseCompetitions({ when, page: 1 }),
        "organizer_name",
      );
      const plan = await sql(
        `explain (analyze, buffers, timing off) ${asked?.query}`,
        asked?.params as string[],
      );
      const [, hit] = /Buffers: shared hit=(\d+)/.exec(JSON.stringify(plan)) ?? [];
      expect(Number(hit), JSON.stringify(plan)).toBeLessThan(1_000);
    }
  });
});
