import "../support/redis-of-its-own";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFailedJobs, mailQueue } from "~/domain/mail/index.server";
import { databaseToBreak } from "../support/breaking";
import { type BuiltSite, startBuiltSite } from "../support/built-site";
import { canaries, WORDS } from "../support/canary";
import { startCollector } from "../support/collector";
import { eventually } from "../support/eventually";
import { closeMailAndEverything, outboxIdOf } from "../support/mail";
import { operator } from "../support/redis-of-its-own";
import { everyStep, type Step, type Walker } from "../support/walk";

/** No page or call needs them: it is enough to break them together. */
const UNREAD = ["failed_job", "mail_delivery", "mail_turn", "redis_gap"];
/** Most pages and calls need each of them. */
const READ_BY_MOST = ["competition", "session", "user"];
/** Every command that Redis was sent, those of scripts included, with its arguments. */
const commands: string[] = [];
const database = databaseToBreak();
let people: Awaited<ReturnType<typeof canaries>>;
let site: BuiltSite;
let collector: Awaited<ReturnType<typeof startCollector>>;
let stopListening = () => {};

beforeAll(async () => {
  const monitor = await operator.monitor();
  monitor.on("monitor", (_time: string, args: string[]) => commands.push(args.join(" ")));
  stopListening = () => monitor.disconnect();
  people = await canaries();
  collector = await startCollector();
  site = await startBuiltSite({ ...collector.settings, LOG_LEVEL: "debug", RATE_LIMITS: "on" });
});

afterAll(async () => {
  site?.stop();
  collector?.stop();
  stopListening();
  await database.close();
  await closeMailAndEverything();
});

// One test, since it looks only at the end for what each part has left behind.
test("whatever breaks, what people sent is in no log, Redis, job, dead letter, metric or trace", async () => {
  // One after the other: nobody is too busy for any of it.
  const whole = await walk(everyStep, (take) => take(), 1);
  expect(whole.filter(({ status }) => status >= 500)).toEqual([]);
  for (const word of [WORDS.name, WORDS.email, WORDS.search]) {
    expect(whole.some(({ text }) => text.includes(word))).toBe(true);
  }
  // Who may not do something is refused before anything can break: once is enough.
  const allowed = (walker: Walker) =>
    everyStep(walker).filter((_, at) => (whole[at]?.status ?? 0) < 400);
  const withoutDocuments = (walker: Walker) =>
    allowed(walker).filter(([, { headers }]) => headers && !("accept" in headers));

  const broken: Record<string, number> = {};
  const tables = await database.tables();
  expect(tables).toEqual(expect.arrayContaining([...UNREAD, ...READ_BY_MOST]));
  const whileLocked = (...names: string[]) => {
    return (take: Take) => database.whileLocked(names, take);
  };
  await walk(withoutDocuments, whileLocked(...UNREAD));
  for (const table of READ_BY_MOST) {
    broken[table] = failures(await walk(withoutDocuments, whileLocked(table)));
  }
  const others = tables.filter((table) => ![...UNREAD, ...READ_BY_MOST].includes(table));
  const together = await walk(withoutDocuments, whileLocked(...others));
  // What went well there met each lock that it meets. What failed did so at the first.
  const failed = (walker: Walker) =>
    withoutDocuments(walker).filter((_, at) => (together[at]?.status ?? 0) >= 400);
  for (const table of others) broken[table] = failures(await walk(failed, whileLocked(table)));
  broken["row that is refused"] = failures(
    await walk(allowed, (take) => database.whileRefusing(tables, take)),
  );
  broken["read-only database"] = failures(await walk(withoutDocuments, database.whileReadOnly));
  await walk(withoutDocuments, whileRedisIsFull);
  await Promise.all(malformed(await people.next()).map(take));
  const { error, failedReason } = await failedMail();

  const log = site.printed();
  expect(people.foundIn(log), "log").toEqual([]);
  expect(people.foundIn(commands.join("\n")), "Redis").toEqual([]);
  const jobs = await mailQueue().getJobs();
  expect(people.foundIn(JSON.stringify(jobs.map((job) => job.asJSON()))), "jobs").toEqual([]);
  const letters = await listFailedJobs({ replayed: true });
  expect(people.foundIn(JSON.stringify(letters)), "dead letters").toEqual([]);
  for (const port of [site.operatorUrl, site.metricsUrl]) {
    const metrics = await fetch(`${port}/metrics`);
    expect(people.foundIn(await metrics.text()), `metrics of ${port}`).toEqual([]);
  }
  expect(people.foundIn(collector.text()), "traces").toEqual([]);
  const traced = new Set(collector.spans.map(({ name }) => name.split(" ")[0]));
  expect(traced).toEqual(
    new Set(["GET", "POST", "PATCH", "DELETE", "reserve", "commit", "enqueue", "deliver"]),
  );

  // What was to break did break, and an operator is told what did.
  for (const [what, count] of Object.entries(broken)) expect(count, what).toBeGreaterThan(0);
  for (const line of [
    '"message":"insert into user: P0001 raise_exception"',
    '"code":"57014","statement":"',
    '"code":"25006","statement":"',
    '"reason":"ReplyError OOM at ',
  ]) {
    expect(log.includes(line), line).toBe(true);
  }
  expect(error).toBe("insert into mail_box: P0001 raise_exception");
  expect(failedReason).toBe(error);
}, 300_000);

interface Answer {
  status: number;
  text: string;
}

type Take = () => Promise<Answer[]>;

/** Somebody new takes the steps, while things are as `during` makes them. */
async function walk(
  stepsOf: (walker: Walker) => Step[],
  during: (take: Take) => Promise<Answer[]> = (take) => take(),
  lanes = 8,
): Promise<Answer[]> {
  const walker = await people.next();
  await register(walker);
  const answers = await during(() => takeAll(stepsOf(walker), lanes));
  // Whoever is over a budget gets nowhere, so nothing breaks for them.
  expect(answers.map(({ status }) => status)).not.toContain(429);
  return answers;
}

async function takeAll(steps: Step[], lanes: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = steps.entries();
  const lane = async () => {
    for (const [at, step] of left) answers[at] = await take(step);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return answers;
}

async function take([path, request]: Step): Promise<Answer> {
  const response = await fetch(site.url + path, { redirect: "manual", ...request });
  return { status: response.status, text: await response.text() };
}

async function register({ ids, tokens, words }: Walker): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${tokens.participant}`,
    "idempotency-key": `${words.key}-held`,
  };
  return take([`/api/competitions/${ids.held}/register`, { method: "POST", headers }]);
}

async function whileRedisIsFull<T>(work: () => Promise<T>): Promise<T> {
  await operator.config("SET", "maxmemory", "1");
  try {
    return await work();
  } finally {
    await operator.config("SET", "maxmemory", "0");
  }
}

/** What cannot be read, and what parsers quote of it. */
function malformed({ words, tokens }: Walker): Step[] {
  const json = { "content-type": "application/json" };
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const log = "/api/auth/login";
  return [
    [log, { method: "POST", headers: json, body: `{"email":"${words.email}","password":` }],
    [log, { method: "POST", headers: json, body: words.password }],
    [log, { method: "POST", headers: json, body: JSON.stringify({ [words.name]: words.email }) }],
    ["/api/auth/me", bearer(`${tokens.participant}${words.key}`)],
    ["/api/auth/me", bearer(words.key)],
    ["/mailbox", { headers: { cookie: `session=${words.key}.${words.name}` } }],
    ["/login", { method: "POST", body: `%${words.name}=%zz`, headers: { "content-type": "x" } }],
    [`/api/competitions?${words.search}=%zz`, {}],
    [`/competitions?q=${words.search}%00`, {}],
  ];
}

/** A mail whose row Postgres refuses until nobody tries any more. */
async function failedMail(): Promise<{ error: string; failedReason: string }> {
  const walker = await people.next();
  return database.whileRefusing(["mail_box"], async () => {
    const { id } = JSON.parse((await register(walker)).text) as { id: string };
    const jobId = `mail-${await outboxIdOf(`confirmation:${id}`)}-1`;
    return eventually(async () => {
      const letter = (await listFailedJobs()).find((one) => one.jobId === jobId);
      const job = await mailQueue().getJob(jobId);
      if (letter && job) return { error: letter.error, failedReason: job.failedReason };
      // The next try at once, if this one is over.
      await job?.promote().catch(() => {});
      return expect.fail("no dead letter yet");
    });
  });
}

function failures(answers: Answer[]): number {
  return answers.filter(({ status }) => status >= 500).length;
}
