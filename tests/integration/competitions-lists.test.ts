import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  browseCompetitions,
  browseOrganizer,
  browseOwnCompetitions,
  createCompetition,
  deleteCompetition,
  findCompetition,
  findNext,
  hasNext,
  listCompetitions,
  listTags,
  upcomingCompetitions,
} from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { searching } from "~/domain/searching";
import { orm } from "~/platform/orm";
import { eventually } from "../support/eventually";
import {
  closeEverything,
  createPerson,
  type Person,
  unhurried,
  wipeRedis,
} from "../support/fixtures";

const HOUR = 3_600_000;
let organizer: Person;

beforeEach(async () => {
  const em = orm().em.fork();
  await em.getConnection().execute("truncate competition, seat, registration, redis_gap cascade");
  await wipeRedis();
  organizer = await createPerson("ORGANIZER");
});

afterAll(closeEverything);

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

describe("a search", () => {
  beforeEach(async () => {
    await create({ title: "Robots & Rust", description: "On steel", tags: ["hardware"] });
    await create({ title: "50% off_day", description: "All about robots", tags: ["fun"] });
    await create({ title: "C\\C++", description: "Pointers", tags: ["robots", "fun"] });
  });

  test.each([
    ["ROBOTS", 3],
    ["robots & rust", 1],
    ["rust robots", 1],
    ["steel hardware rob", 1],
    ["robots steel pointers", 0],
    ["RÖBÖTS", 3],
    ["robo\u0302ts", 3],
    ["\u200brobots\u00ad \u202erust\ufeff", 1],
    ["%", 1],
    ["_", 1],
    ["\\", 1],
    ["50%", 1],
    ["5%f", 0],
    ["'", 0],
    ["  steel ", 1],
    ["nothing like it", 0],
    ["\0", 3],
    ["?", 0],
    ["x".repeat(5_000), 0],
  ])("for %j finds %i", async (q, found) => {
    expect((await listCompetitions({ q, limit: 9 })).items).toHaveLength(found);
    expect((await browseCompetitions({ q, page: 1 })).total).toBe(found);
  });

  test.each(["café", "cafe\u0301", "CAFÉ", "cafe", "ÇAFE strasse", "Straße café", "øl", "OL"])(
    "for %j finds it whatever its accents are",
    async (q) => {
      await create({ title: "Çafé an der Straße", description: "Øl", tags: ["øl"] });
      expect((await listCompetitions({ q, limit: 9 })).items).toHaveLength(1);
    },
  );

  test.each([
    ["fun", 2],
    ["FUN", 2],
    ["fu", 0],
    ["{}", 0],
    ["robots", 1],
  ])("by the tag %j finds %i", async (tag, found) => {
    expect((await listCompetitions({ tag, limit: 9 })).items).toHaveLength(found);
  });

  test.each([
    ["st", 1, "in titles"],
    ["un", 2, "in tags"],
    ["ee", 0, "not in descriptions, which no index knows by two characters"],
  ])("for the two characters %j finds %i: they are looked for %s", async (q, found) => {
    expect((await listCompetitions({ q, limit: 9 })).items).toHaveLength(found);
  });

  test("reads an index, where the server has one to offer", async () => {
    await unhurried(
      `insert into competition (id, title, description, capacity, reg_deadline, created_by_id)
       select gen_random_uuid(), 'Other ' || n, 'Of them', 1, now(), ? from generate_series(1, 500) n`,
      [organizer.id],
    );
    await unhurried("analyze competition");
    const [asked] = await queriesOf(
      () => browseCompetitions({ q: "robots", page: 1 }),
      "competition_words",
    );
    const em = orm().em.fork();
    const plan = await em.transactional(async () => {
      // Few competitions are read faster than any index.
      await em.execute("set local enable_seqscan = off");
      return em.execute(`explain ${asked?.query}`, asked?.params);
    });
    expect(JSON.stringify(plan)).toContain("competition_words_index");
  });

  test("for common words looks through the newest until enough are found", async () => {
    await unhurried(
      `insert into competition
         (id, title, description, tags, capacity, reg_deadline, created_by_id, created_at)
       select gen_random_uuid(), case when n % 2 = 0 then 'Many ' else 'Other ' end || n, 'Of them',
              case when n % 10 = 0 then '{ten}'::text[] else '{}' end, 1, now(), ?,
              now() - make_interval(secs => n / 2)
         from generate_series(1, 700) n`,
      [organizer.id],
    );
    const [expected] = (await sql(
      `select array_agg(title order by created_at desc, id desc) as titles
         from competition where title like 'Many%'`,
    )) as { titles: string[] }[];
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await listCompetitions({ q: "MANY", limit: 60, cursor });
      expect(found.items.length).toBeLessThanOrEqual(60);
      titles.push(...found.items.map(({ title }) => title));
      cursor = found.nextCursor ?? undefined;
    } while (cursor && titles.length < 1_000);
    expect(titles).toEqual(expected?.titles);

    const last = await browseCompetitions({ q: "many", page: 1_000_000, perPage: 20 });
    expect(last).toMatchObject({ page: 15, pages: 15, total: 300, more: true });
    expect(last.items.map(({ title }) => title)).toEqual(expected?.titles.slice(280, 300));
    const tagged = await browseCompetitions({ q: "many", tag: "ten", page: 4, perPage: 20 });
    expect(tagged).toMatchObject({ page: 4, pages: 4, total: 70, more: false });
    expect(tagged.items).toHaveLength(10);
    expect(await browseCompetitions({ page: 1 })).toMatchObject({ total: 703, more: false });
  });

  test("that takes too long is given up, and says so", async () => {
    const within = await searching((em) => em.execute("show statement_timeout"));
    expect(within).toEqual([{ statement_timeout: "1s" }]);
    await expect(searching((em) => em.execute("select pg_sleep(5)"))).rejects.toMatchObject({
      code: "unavailable",
      details: { retryAfterSeconds: expect.any(Number) },
    });
    const [after] = await sql("show statement_timeout");
    expect(after).toEqual({ statement_timeout: "3s" });
  });

  test("leaves most of the pool to others, however many people search", async () => {
    let running = 0;
    let letGo = () => {};
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const look = async () => {
      running++;
      await released;
    };
    const searches = Array.from({ length: 20 }, () => searching(look));
    await eventually(() => expect(running).toBe(3));
    expect(await sql("select 1")).toHaveLength(1);
    expect(running).toBe(3);
    letGo();
    // Who waited too long for a turn was refused.
    await Promise.allSettled(searches);
  });

  test("finds competitions by their organizer's name and by their place", async () => {
    const name = "Zoë Quartzberg";
    const other = await createPerson("ORGANIZER");
    await sql(`update "user" set name = ? where id = ?`, [name, other.id]);
    await create({ title: "Night chess", organizer: other });
    await create({ title: "Quartzberg at dawn" });
    await createPerson();
    const titlesFor = async (q: string) =>
      (await browseCompetitions({ q, page: 1 })).items.map(({ title }) => title);
    expect(await titlesFor("ZOE quartzberg")).toEqual(["Night chess"]);
    expect(await titlesFor("quartzberg")).toEqual(["Quartzberg at dawn", "Night chess"]);
    expect(await titlesFor("chess zoe")).toEqual(["Night chess"]);
    expect(await titlesFor("zoe dawn")).toEqual([]);
    await sql("update competition set location = 'Café Ümlaut, Görlitz' where title like 'Night%'");
    expect(await titlesFor("gorlitz chess")).toEqual(["Night chess"]);
    expect(await titlesFor("ca ZOE")).toEqual(["Night chess"]);
  });

  test("by word and tag finds what has both", async () => {
    const { items } = await listCompetitions({ q: "robots", tag: "fun", limit: 9 });
    expect(items.map(({ title }) => title)).toEqual(["C\\C++", "50% off_day"]);
  });

  test("knows the tags in use, the most used first", async () => {
    expect(await listTags({ limit: 2 })).toEqual([
      { tag: "fun", competitions: 2 },
      { tag: "hardware", competitions: 1 },
    ]);
  });
});

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
    const own = await findNext({ id: organizer.id, role: "ORGANIZER" }, { limit: 4 });
    expect(titlesOf({ items: own })).toEqual(["running", "closed", "line", "full"]);

    const page = { organizerId: organizer.id, page: 1, perPage: 10 };
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
      [organizer.id],
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
      [organizer.id],
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
    await deleteCompetition({ id, actor: organizer });
    const { items } = await browseOwnCompetitions({ ...own, actor: organizer });
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

async function create({
  title = `Competition ${randomUUID()}`,
  description = "About it",
  tags = [] as string[],
  capacity = 2,
  hours = 24,
  organizer: actor = organizer,
}): Promise<string> {
  const regDeadline = new Date(Date.now() + hours * HOUR);
  const { id } = await createCompetition({
    actor,
    input: { title, description, tags, capacity, opensAt: null, regDeadline, startDate: null },
  });
  return id;
}

async function sql(text: string, parameters: (string | number | null)[] = []): Promise<unknown[]> {
  return orm().em.fork().getConnection().execute(text, parameters);
}

/** The statements that the work sends to Postgres, those of them that contain a text. */
async function queriesOf(work: () => Promise<unknown>, text = "") {
  const queries: { query: string; params?: readonly unknown[] }[] = [];
  const logger = orm().config.getLogger();
  logger.setDebugMode(["query"]);
  const logQuery = logger.logQuery.bind(logger);
  logger.logQuery = ({ query = "", params }) => {
    if (query.includes(text)) queries.push({ query, params });
  };
  try {
    await work();
  } finally {
    logger.logQuery = logQuery;
    logger.setDebugMode(false);
  }
  return queries;
}
