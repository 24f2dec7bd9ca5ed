import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createCompetition, editCompetition } from "~/domain/competitions/index.server";
import { cancelRegistration, register } from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { dropKept } from "~/platform/kept";
import { log } from "~/platform/log";
import { database } from "~/platform/orm";
import { findVisitor } from "~/web/index.server";
import { flash, signIn } from "~/web/sessions";
import { listen } from "../support/api-servers";
import { databaseToBreak } from "../support/breaking";
import { eventually } from "../support/eventually";
import { createPerson, openCompetition, type Person } from "../support/fixtures";
import { bare, lookAt, type PageAnswer } from "../support/page-answers";
import { startWholeApp, wholeApp } from "../support/whole-app";

interface Visitor {
  person?: Person;
  cookie?: string;
}

const url = startWholeApp();
let organizer: Visitor & { person: Person };
let ada: Visitor & { person: Person };
let bob: Visitor & { person: Person };
const nobody: Visitor = {};
let competition: string;

beforeAll(async () => {
  organizer = await newVisitor("Otto", "ORGANIZER");
  ada = await newVisitor(`Ada </script><b>"it's" & \\ $& 日本 😀`);
  bob = await newVisitor("Bob");
});
beforeEach(async () => {
  competition = await openCompetition({ organizerId: organizer.person.id });
  dropKept();
});

/** Somebody who is signed in, whose name is told from all others'. */
async function newVisitor(name: string, role?: Person["role"]) {
  const made = await createPerson(role);
  const person = { ...made, name: `${name} ${made.id.slice(0, 8)}` };
  await database().execute('update "user" set name = ? where id = ?', [person.name, person.id]);
  const cookie = await signIn(new Request("http://localhost/login"), person.id);
  return { person, cookie: cookie.split(";")[0] ?? "" };
}

const paths = () => [
  "/",
  "/competitions",
  "/competitions?tag=test",
  `/competitions/${competition}`,
];

const look = (path: string, { cookie }: Visitor = nobody, extra = "", from = url()) =>
  lookAt(from + path, [cookie, extra].filter(Boolean).join("; "));

/** What a visitor read of others, and what answers share that each should have to itself. */
function leaks(seen: { visitor: Visitor; answer: PageAnswer }[], visitors: Visitor[]): string[] {
  const found: string[] = [];
  for (const { visitor, answer } of seen) {
    const page = JSON.stringify([...answer.headers]) + answer.html;
    for (const { person } of visitors) {
      if (!person || person === visitor.person) continue;
      const words = [person.id, person.email, person.id.slice(0, 8)];
      if (person !== organizer.person && words.some((word) => page.includes(word))) {
        found.push(`${visitor.person?.name ?? "nobody"} reads of ${person.name}`);
      }
    }
    if (visitor.person && !page.includes(visitor.person.id.slice(0, 8))) {
      found.push(`${visitor.person.name} is not known`);
    }
  }
  for (const part of ["nonce", "requestId", "key"] as const) {
    const values = seen.map(({ answer }) => answer.own[part]).filter((value) => value !== "no key");
    for (const value of values.filter((one, at) => values.indexOf(one) !== at)) {
      found.push(`${part} ${value} came twice`);
    }
    for (const { answer } of seen) {
      const others = values.filter((value) => value !== answer.own[part]);
      if (others.some((value) => answer.html.includes(value))) found.push(`another's ${part}`);
    }
  }
  return found;
}

/** Everybody looks at every page: at the same moment, then one after the other. */
async function everybodyLooks(visitors: Visitor[], from = url()) {
  const asked = paths().flatMap((path) => visitors.map((visitor) => ({ path, visitor })));
  const ask = async ({ path, visitor }: (typeof asked)[number]) => ({
    visitor,
    answer: await look(path, visitor, "", from),
  });
  const seen = await Promise.all([...asked, ...asked].map(ask));
  for (const one of asked) seen.push(await ask(one));
  return seen;
}

describe("a kept page", () => {
  test("is exactly what would have been made for this visitor alone", async () => {
    for (const path of paths()) {
      for (const visitor of [nobody, ada, bob]) {
        await look(path, visitor);
        const kept = await look(path, visitor);
        // This cookie holds no message; but with it, nothing that is kept is sent.
        const alone = await look(path, visitor, "flash=none");
        expect(bare(kept), `${path} for ${visitor.person?.name}`).toBe(bare(alone));
        expect(kept.own.nonce.length).toBeGreaterThan(20);
        expect(kept.html).toContain(`nonce="${kept.own.nonce}"`);
        expect(kept.html).toContain(`content="${kept.own.requestId}"`);
      }
    }
  });

  test("shows nobody anything of somebody else's", async () => {
    const cara = await newVisitor("Cara");
    await register({ user: cara.person, competitionId: competition });
    const visitors = [nobody, ada, bob, cara, organizer];
    const seen = await everybodyLooks(visitors);
    expect(seen.filter(({ answer }) => answer.status !== 200)).toEqual([]);
    expect(leaks(seen, visitors)).toEqual([]);
  });

  test("would be caught if everybody got what was made for the first", async () => {
    const first = new Map<string | undefined, ReturnType<typeof findVisitor>>();
    const forgetful: typeof findVisitor = (asked) => {
      const known = first.get(asked.competitionId) ?? findVisitor(asked);
      first.set(asked.competitionId, known);
      return known;
    };
    const twin = await listen((await wholeApp({ findVisitor: forgetful })).app);
    const visitors = [ada, bob, nobody];
    const found = leaks(await everybodyLooks(visitors, twin.url), visitors);
    twin.stop();
    expect(found).toContain(`${bob.person.name} reads of ${ada.person.name}`);
    expect(found).toContain(`nobody reads of ${ada.person.name}`);
  });

  test("may be cached by nobody else, and says what it varies by", async () => {
    for (const visitor of [nobody, nobody, ada, ada]) {
      const { headers } = await look(`/competitions/${competition}`, visitor);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("vary")).toBe("Cookie, Accept-Encoding");
      expect(headers.get("etag")).toBeNull();
      expect(headers.get("set-cookie")).toBeNull();
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("content-encoding")).toBe("gzip");
    }
    const plain = { "accept-encoding": "identity" };
    const { headers } = await fetch(`${url()}/competitions/${competition}`, { headers: plain });
    expect(headers.get("content-encoding")).toBeNull();
  });

  test("does not swallow a message to its visitor", async () => {
    const path = `/competitions/${competition}`;
    const [message = ""] = (await flash("Said to one.")).split(";");
    for (const visitor of [nobody, ada]) {
      await look(path, visitor);
      const { html, headers } = await look(path, visitor, message);
      expect(html).toContain("Said to one.");
      expect(headers.get("set-cookie")).toContain("flash=; Max-Age=0");
      expect((await look(path, visitor)).html).not.toContain("Said to one.");
    }
    env().VERIFY_EMAIL = "on";
    onTestFinished(() => {
      env().VERIFY_EMAIL = "auto";
    });
    const cara = await newVisitor("Cara");
    await look(path, ada);
    await database().execute('update "user" set verified_at = null where id = ?', [cara.person.id]);
    expect((await look(path, cara)).html).toContain(`<bdi>${cara.person.email}</bdi>`);
  });

  test("is in the log with the id of the user it was sent to", async () => {
    const info = vi.spyOn(log, "info");
    onTestFinished(() => info.mockRestore());
    for (const visitor of [ada, bob]) await look(`/competitions/${competition}`, visitor);
    for (const { person } of [ada, bob]) {
      const line = expect.objectContaining({ userId: person.id, status: 200 });
      await eventually(() => expect(info).toHaveBeenCalledWith(line, "request"));
    }
  });

  test("is not for anybody who may have a seat", async () => {
    await database().execute("alter table registration rename to hidden");
    onTestFinished(async () => {
      await database().execute("alter table hidden rename to registration");
    });
    const visitor = await findVisitor({ cookies: ada.cookie, competitionId: competition });
    expect(visitor.sees).toBe("a page of their own");
  });

  test("is a different one in another time zone", async () => {
    const path = `/competitions/${competition}`;
    expect((await look(path)).html).toContain(" UTC");
    expect((await look(path, nobody, "tz=Asia%2FTokyo")).html).toContain("GMT+9");
    expect((await look(path)).html).not.toContain("GMT+9");
  });
});

/** Meanwhile the database is asked for competitions once for each second that begins. */
async function expectOneASecond(work: () => Promise<unknown>): Promise<void> {
  const queries = vi.spyOn(Client.prototype, "query");
  const since = performance.now();
  await work();
  const seconds = Math.ceil((performance.now() - since) / 1_000);
  const texts = queries.mock.calls.map(([query]) => JSON.stringify(query));
  queries.mockRestore();
  const asked = texts.filter((text) => text.includes("organizer_name")).length;
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(seconds);
}

const titleIn = ({ html }: PageAnswer) => /<title>(.*?) · Mini/.exec(html)?.[1];

function retitle(title: string) {
  const { person } = organizer;
  return editCompetition({ actor: person, id: competition, changes: { title } });
}

describe("pages are made", () => {
  test("once for a crowd of each kind, without the seat that one of them has", async () => {
    const path = `/competitions/${competition}`;
    const crowd = (visitor: Visitor) =>
      Promise.all(Array.from({ length: 20 }, () => look(path, visitor)));
    await expectOneASecond(() => crowd(nobody));
    await expectOneASecond(() => Promise.all([crowd(ada), crowd(bob)]));
    await register({ user: ada.person, competitionId: competition });
    expect((await look(path, ada)).html).toContain("You are registered");
    const shouted = `/competitions/${competition.toUpperCase()}`;
    expect((await look(shouted, ada)).html).toContain("You are registered");
    expect((await look(path, bob)).html).not.toContain("You are registered");
    dropKept();
    for (const visitor of [bob, nobody]) {
      expect((await look(path, visitor)).html).toContain("9 seats left");
    }
    await cancelRegistration({ actor: ada.person, competitionId: competition });
    for (const visitor of [ada, bob, nobody]) {
      expect((await look(path, visitor)).html).toContain("10 seats left");
    }
  });

  test("for each who waits in line, with their own place", async () => {
    const { person } = organizer;
    await editCompetition({
      actor: person,
      id: competition,
      changes: { capacity: 1, waitlistLimit: 9 },
    });
    await register({ user: (await newVisitor("Cleo")).person, competitionId: competition });
    const path = `/competitions/${competition}`;
    expect((await look(path, bob)).html).toContain("Join the waitlist");
    for (const { person: user } of [ada, bob]) {
      await register({ user, competitionId: competition, waitlist: true });
    }
    expect((await look(path, ada)).html).toContain("You are 1st in line");
    expect((await look(path, bob)).html).toContain("You are 2nd in line");
    dropKept();
    expect((await look(path, nobody)).html).not.toMatch(/You are \d/);
  });

  test("again after an edit here, at once and for everybody", async () => {
    const path = `/competitions/${competition}`;
    for (const visitor of [nobody, ada, organizer]) await look(path, visitor);
    const title = `Renamed ${randomUUID()}`;
    await retitle(title);
    for (const visitor of [nobody, ada, organizer]) {
      expect(titleIn(await look(path, visitor))).toBe(title);
      expect((await look("/competitions", visitor)).html).toContain(title);
    }
  });

  test("again after a competition is created here", async () => {
    for (const visitor of [nobody, ada]) await look("/competitions", visitor);
    const title = `New ${randomUUID()}`;
    const regDeadline = new Date(Date.now() + 3_600_000);
    const input = {
      title,
      description: "",
      tags: [],
      capacity: 1,
      regDeadline,
      opensAt: null,
      startDate: null,
    };
    await createCompetition({ actor: organizer.person, input });
    for (const visitor of [nobody, ada]) {
      expect((await look("/competitions", visitor)).html).toContain(title);
    }
  });

  test("for an organizer, with what they have created since, and not for anybody who is none", async () => {
    const path = `/organizers/${organizer.person.id}`;
    const title = `By Otto ${randomUUID()}`;
    expect((await look(path, ada)).html).not.toContain(title);
    await retitle(title);
    for (const visitor of [nobody, ada, organizer]) {
      const page = await look(path, visitor);
      expect(page.html).toContain(title);
      expect(page.html).toContain(organizer.person.name);
      expect(page.html.includes(organizer.person.email)).toBe(false);
    }
    for (const id of [bob.person.id, competition, "somebody"]) {
      expect((await look(`/organizers/${id}`, nobody)).status).toBe(404);
    }
  });

  test("under a short address that leads to them, and nowhere once they are gone", async () => {
    await database().execute("update competition set slug = ? where id = ?", [
      "tokyo-東京",
      competition,
    ]);
    const follow = async (slug: string) => {
      const { status, headers } = await fetch(`${url()}/c/${slug}`, { redirect: "manual" });
      return [status, headers.get("location")];
    };
    const there = [302, `/competitions/${competition}`];
    expect(await follow(`Tokyo-${encodeURIComponent("東京")}`)).toEqual(there);
    for (const slug of ["nothing", "%00", "%E0%A4"]) expect((await follow(slug))[0]).not.toBe(302);
    await database().execute("update competition set deleted_at = now() where id = ?", [
      competition,
    ]);
    expect((await follow("tokyo-%E6%9D%B1%E4%BA%AC"))[0]).toBe(410);
  });

  test("again a second after a change elsewhere; its organizer need not wait", async () => {
    const path = `/competitions/${competition}`;
    for (const visitor of [nobody, ada, organizer]) await look(path, visitor);
    // As another process does it.
    const change = "update competition set title = 'Changed elsewhere' where id = ?";
    await database().execute(change, [competition]);
    expect(titleIn(await look(path, organizer))).toBe("Changed elsewhere");
    for (const visitor of [nobody, ada]) {
      await eventually(async () =>
        expect(titleIn(await look(path, visitor))).toBe("Changed elsewhere"),
      );
    }
  });

  test("for a missing competition as for any other, but that is not kept", async () => {
    const path = `/competitions/${competition}`;
    const hide = "update competition set deleted_at = case when ? then now() end where id = ?";
    await database().execute(hide, [true, competition]);
    const [one, other] = await Promise.all([look(path), look(path)]);
    expect([one.status, other.status]).toEqual([410, 410]);
    for (const { html, own } of [one, other]) expect(html).toContain(`Request ${own.requestId}`);
    expect(one.own.requestId).not.toBe(other.own.requestId);
    await database().execute(hide, [false, competition]);
    expect((await look(path)).status).toBe(200);
  });

  test("in vain for all who wait: an outage is counted, and a bug is logged, for each", async () => {
    const countUnavailable = vi.fn();
    const twin = await listen((await wholeApp({ countUnavailable })).app);
    const { whileLocked, close } = databaseToBreak();
    const error = vi.spyOn(log, "error").mockImplementation(() => {});
    vi.spyOn(log, "warn").mockImplementation(() => {});
    onTestFinished(async () => {
      vi.restoreAllMocks();
      twin.stop();
      await close();
    });
    const threeLook = async () => {
      const path = `/competitions/${competition}`;
      const seen = await Promise.all([1, 2, 3].map(() => look(path, nobody, "", twin.url)));
      return seen.map(({ status }) => status);
    };
    expect(await whileLocked(["competition"], threeLook)).toEqual([503, 503, 503]);
    // The first one's by the page itself.
    expect(countUnavailable).toHaveBeenCalledTimes(2);
    await database().execute("alter table competition rename to hidden");
    const failed = await threeLook().finally(() =>
      database().execute("alter table hidden rename to competition"),
    );
    expect(failed).toEqual([500, 500, 500]);
    const lines = error.mock.calls.map(([line]) => JSON.stringify(line));
    expect(new Set(lines.map((line) => /"requestId":"\w+"/.exec(line)?.[0])).size).toBe(3);
  });
});
