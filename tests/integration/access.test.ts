import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "~/api/respond";
import { database } from "~/platform/orm";
import { closeResources } from "~/web/resources";
import { ACCESS_RULES, type Outcome, type Rule } from "../support/access-rules";
import { type AccessWorld, type Asker, accessWorld } from "../support/access-world";
import { type ApiReply, call } from "../support/api-client";
import { listen } from "../support/api-servers";
import { expressRoutes, remixFiles, remixRoutes, wholeApp } from "../support/whole-app";

type Way = "as a page" | "as data" | "by itself";

let url: string;
let stop = () => {};
let routes: { pages: string[]; express: string[]; files: string[] };
/** For rules that leave of it what the others need. */
let kept: AccessWorld;

beforeAll(async () => {
  const { app, pages, build } = await wholeApp();
  routes = { pages: remixRoutes(build), express: expressRoutes(pages), files: remixFiles(build) };
  ({ url, stop } = await listen(app));
  kept = await accessWorld();
});

afterAll(async () => {
  stop();
  await closeResources();
});

test("every route and every endpoint has a rule, and every rule has one", () => {
  const api = endpoints.map(({ method, path }) => `${method} ${path}`);
  const served = [...routes.pages, ...routes.express, ...api];
  expect(served.length).toBeGreaterThan(40);
  expect([...new Set(ACCESS_RULES.map(({ route }) => route))].sort()).toEqual(served.sort());
});

test("a page without an action takes no form", async () => {
  const organizer = kept.askers.find(({ name }) => name === "its organizer");
  const actions = new Set(routes.pages.filter((route) => route.startsWith("POST ")));
  for (const route of routes.pages) {
    const post = route.replace("GET ", "POST ");
    if (actions.has(post) || !organizer) continue;
    const reply = await ask({ route: post, audience: "anybody", ok: 405, form: {} }, organizer);
    expect(reply.status, post).toBe(405);
  }
});

test("a file has no data, whoever asks", async () => {
  const files = ACCESS_RULES.filter(({ route }) => routes.files.includes(route));
  expect(files.length).toBeGreaterThan(5);
  for (const rule of files) {
    for (const asker of kept.askers) {
      expect((await ask(rule, asker, "as data")).status, `${rule.route}, ${asker.name}`).toBe(404);
    }
  }
});

describe("whoever asks gets what the rule says, and who is refused changes nothing", () => {
  test.each(ACCESS_RULES)("$route is for $audience", async (rule) => {
    const { askers: all, secrets } = rule.isUsedUp ? await accessWorld() : kept;
    const askers = rule.audience === "anybody" ? all.filter(isOneOfAnybody) : all;
    const asked = askers.flatMap((asker) => waysOf(rule, asker).map((way) => ({ asker, way })));
    const outcomes: Record<string, Outcome> = {};
    const send = async ({ asker, way }: (typeof asked)[number]) => {
      const reply = await ask(rule, asker, way);
      outcomes[`${asker.name}, ${way}`] = outcomeOf(reply, pathOf(rule, asker));
      expect(secretsIn(reply, secrets, asker), `what ${asker.name} reads`).toEqual([]);
    };
    const before = await everything();
    await Promise.all(asked.filter(({ asker }) => isRefused(rule, asker)).map(send));
    expect(await everything()).toBe(before);
    for (const one of asked) if (!isRefused(rule, one.asker)) await send(one);
    const expected = asked.map(({ asker, way }) => [
      `${asker.name}, ${way}`,
      expectedOf(rule, asker),
    ]);
    expect(outcomes).toEqual(Object.fromEntries(expected));
  });
});

/** They ask for whole pages too; everybody asks for a page's data, as its scripts do. */
const READERS = ["nobody", "an organizer made a participant", "its organizer"];

function waysOf(rule: Rule, asker: Asker): Way[] {
  if (/^\w+ \/(api\/|healthz|readyz|covers\/)|\*/.test(rule.route)) return ["by itself"];
  if (routes.files.includes(rule.route)) return ["as a page"];
  const readsPage = rule.route.startsWith("GET ") || isRefused(rule, asker);
  return READERS.includes(asker.name) && readsPage ? ["as data", "as a page"] : ["as data"];
}

/** Where nobody is told from anybody, these stand for the others. */
function isOneOfAnybody({ name, competition }: Asker): boolean {
  return READERS.includes(name) || name === "somebody who is gone" || competition.isDeleted;
}

function isRefused(rule: Rule, asker: Asker): boolean {
  return REFUSED.includes(expectedOf(rule, asker));
}

const REFUSED: Outcome[] = [401, 403, 404, "login"];

/** What the rule means for somebody. */
function expectedOf(rule: Rule, asker: Asker): Outcome {
  const { route, audience, ok } = rule;
  const { role, competition } = asker;
  const isApi = route.includes(" /api/");
  if (rule.except?.[asker.name]) return rule.except[asker.name] ?? ok;
  const found =
    competition.isDeleted && (rule.deleted || route.includes("/competitions/:id"))
      ? (rule.deleted ?? 404)
      : ok;
  if (audience === "anybody") return found;
  if (audience === "guests") return role ? "redirect" : ok;
  if (!role) return isApi ? 401 : "login";
  const theirs = {
    "everybody signed in": true,
    participants: true,
    organizers: true,
    "its organizer": competition.isTheirs,
    "its participants": asker.hasSeat,
    "its addressee": asker.isAddressee,
  }[audience];
  const isForRole = !ROLES[audience] || ROLES[audience] === role;
  // A page about something of somebody's is not there for others, whatever their role.
  if (!isForRole) return isApi || audience !== "its organizer" ? 403 : 404;
  return theirs ? found : 404;
}

const ROLES: Partial<Record<Rule["audience"], Asker["role"]>> = {
  participants: "PARTICIPANT",
  "its participants": "PARTICIPANT",
  organizers: "ORGANIZER",
  "its organizer": "ORGANIZER",
};

/** The address of the rule's route for somebody. */
function pathOf({ route }: Rule, asker: Asker): string {
  const id = route.includes("/mailbox/") ? asker.mailId : asker.competition.id;
  return route.replace(/^\w+ /, "").replace(":id", id).replace("*", "nowhere");
}

function ask(rule: Rule, asker: Asker, way: Way = "as a page"): Promise<ApiReply> {
  const [method = ""] = rule.route.split(" ");
  const path = pathOf(rule, asker);
  const headers: [string, string][] = asker.cookie ? [["cookie", asker.cookie]] : [];
  if (rule.form) headers.push(["content-type", "application/x-www-form-urlencoded"]);
  return call(url, {
    method,
    path: way === "as data" ? `${path === "/" ? "/_root" : path}.data` : path,
    token: path.startsWith("/api/") ? asker.token : undefined,
    headers,
    json: rule.json,
    raw: rule.form && new URLSearchParams(rule.form).toString(),
  });
}

/** Data says with 202 and in its body where a page would lead. A login leads back to `path`. */
function outcomeOf({ status, headers, text }: ApiReply, path: string): Outcome {
  const isRedirect = status === 202 || (status >= 300 && status < 400);
  if (!isRedirect) return status;
  const to = status === 202 ? text : `"${headers.location}"`;
  return to.includes(`"/login?redirectTo=${encodeURIComponent(path)}"`) ? "login" : "redirect";
}

/** What an answer holds of somebody else's. */
function secretsIn(reply: ApiReply, secrets: AccessWorld["secrets"], asker: Asker): string[] {
  if (asker.isAddressee) return [];
  const { isTheirs } = asker.competition;
  const mayReadAddress = isTheirs && asker.role === "ORGANIZER";
  const answer = JSON.stringify(reply.headers) + reply.text;
  return (mayReadAddress ? [secrets.mail] : Object.values(secrets)).filter((one) =>
    answer.includes(one),
  );
}

/** A digest of all that a request could change. */
async function everything(): Promise<string> {
  const own = ["user", "session", "calendar_feed", "outbox", "mail_box"];
  const tables = [...own, "competition", "seat", "registration"];
  const rows = tables.map((table) => `select t::text as row from "${table}" t`).join(" union all ");
  const [digest] = await database().execute<{ md5: string }[]>(
    `select md5(string_agg(row, ' ' order by row)) from (${rows}) as rows`,
  );
  return digest?.md5 ?? "";
}
