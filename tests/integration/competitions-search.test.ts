import { beforeEach, describe, expect, test } from "vitest";
import { browseCompetitions, listCompetitions, listTags } from "~/domain/competitions/index.server";
import { searching } from "~/domain/searching";
import { orm } from "~/platform/orm";
import { create, queriesOf, sql, startWithoutCompetitions } from "../support/competition-lists";
import { eventually } from "../support/eventually";
import { createPerson, unhurried } from "../support/fixtures";

const organizer = startWithoutCompetitions();

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
      [organizer().id],
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
      [organizer().id],
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
