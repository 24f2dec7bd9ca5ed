import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase } from "~/platform/orm";
import packageJson from "../../package.json";
import { call, newCaller } from "../support/api-client";
import { type BuiltSite, startBuiltSite } from "../support/built-site";
import { eventually } from "../support/eventually";
import { openCompetition } from "../support/fixtures";
import { ALERT_TESTS, ALERTS, metricsNamed, QUERIES, RUNBOOKS } from "../support/monitoring";

/** Something else listens on the port that the site is given for its metrics. */
const other: Server = createServer();
let site: BuiltSite;
/** Where its metrics are, since that port is taken. */
let port: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const taken = other.address();
  const METRICS_PORT = String(typeof taken === "object" && taken?.port);
  site = await startBuiltSite({ METRICS_PORT, LOG_LEVEL: "info", WEB_CONCURRENCY: "2" });
  const line = new RegExp(`"METRICS_PORT: ${METRICS_PORT} is taken; (\\d+) instead"`);
  port = `http://127.0.0.1:${line.exec(site.printed())?.[1]}`;
});

afterAll(async () => {
  site?.stop();
  other.close();
  await closeDatabase();
});

describe("the web's port for operators", () => {
  test("is the next free one when its own is taken, and one for all processes", async () => {
    expect(await call(port, { path: "/healthz" })).toMatchObject({ status: 200 });
    expect(site.printed().match(/METRICS_PORT/g)).toHaveLength(1);
    await eventually(async () => {
      const all = await scrape();
      expect(sum(all, "mini_compete_web_processes", { answers: "yes" })).toBe(2);
      const processes = all.filter(({ name }) => name === "mini_compete_redis_usable");
      expect(processes.map(({ labels, value }) => [labels.process, value]).sort()).toEqual([
        ["1", 1],
        ["2", 1],
      ]);
    });
  });

  test("answers under no strange host name, and serves nothing else", async () => {
    const foreign = await askAs("evil.example");
    expect(foreign).toEqual({ status: 421, text: "This name is not in METRICS_HOSTNAMES.\n" });
    expect(await askAs("web")).toMatchObject({ status: 200 });
    const answer = await call(port, { path: "/competitions" });
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
});

test("requests are counted and timed by their route's pattern, whatever was sent", async () => {
  const competition = await openCompetition({ capacity: 2 });
  const path = `/api/competitions/${competition}/register`;
  const before = await scrapeAll();
  const callers = await Promise.all([1, 2, 3].map(() => newCaller()));
  const key: [string, string] = ["idempotency-key", randomUUID()];
  const [first, second, third] = callers.map(({ token }) => token);
  for (const token of [first, first, second, third]) {
    const headers = token === first ? [key] : [];
    await call(site.url, { method: "POST", path, token, headers });
  }
  const strange = randomUUID();
  const asked = [
    { path: `/competitions/${competition}` },
    { path: `/api/${strange}` },
    { path: `/${strange}` },
    { path: `/build/${strange}.js` },
    { path: "/favicon.svg" },
    { path: "/healthz" },
    { path: `/competitions/${strange}`, method: "PATCH" },
    { path: `/api/competitions/${strange}`, method: "QUERY" },
  ];
  for (const one of asked) await call(site.url, one);

  const register = { route: "/api/competitions/:id/register", method: "POST" };
  const counts: [labels: Record<string, string>, count: number][] = [
    [{ ...register, status: "201" }, 3],
    [{ ...register, status: "409" }, 1],
    [{ route: "/competitions/:id", method: "GET", status: "200" }, 1],
    [{ route: "/api/competitions/:id", method: "other", status: "405" }, 1],
    [{ route: "/healthz" }, 1],
    [{ route: "file", status: "200" }, 1],
    [{ route: "file", status: "404" }, 1],
    [{ route: "unmatched", status: "404" }, 2],
    [{ route: "unmatched", method: "PATCH", status: "405" }, 1],
  ];
  const growth = (now: Series[], name: string, labels: Record<string, string>) =>
    sum(now, `mini_compete_${name}`, labels) - sum(before, `mini_compete_${name}`, labels);
  // A request is counted when its answer has left, which may be after it has arrived.
  const after = await eventually(async () => {
    const now = await scrapeAll();
    for (const [labels, count] of counts) {
      expect(growth(now, "http_requests_total", labels), JSON.stringify(labels)).toBe(count);
    }
    return now;
  });
  const grown = (name: string, labels: Record<string, string>) => growth(after, name, labels);
  expect(grown("http_request_seconds_count", register)).toBe(4);
  expect(grown("http_request_seconds_bucket", { ...register, le: "+Inf" })).toBe(4);
  expect(grown("http_request_seconds_sum", register)).toBeGreaterThan(0);

  for (const [outcome, count] of Object.entries({
    ...{ registered: 2, replayed: 1, competition_full: 1, unavailable: 0 },
  })) {
    expect(grown("registrations_total", { outcome }), outcome).toBe(count);
    expect(grown("registration_seconds_count", { outcome }), outcome).toBe(count);
  }
  const told = after.map(({ labels }) => JSON.stringify(labels)).join("\n");
  for (const sent of [competition, strange]) expect(told).not.toContain(sent);
});

test("a process says what it is, and how its connections are", async () => {
  const all = await scrape();
  const { version } = packageJson;
  const node = process.versions.node;
  expect(sum(all, "mini_compete_build_info", { version, node })).toBe(2);
  expect(sum(all, "mini_compete_database_connections_most", {})).toBe(20);
  expect(sum(all, "mini_compete_database_connections", { state: "idle" })).toBeGreaterThan(0);
  expect(sum(all, "mini_compete_database_connections_waiting", {})).toBe(0);
  expect(all.some(({ name }) => name === "nodejs_eventloop_lag_p99_seconds")).toBe(true);
  const worker = await read(site.operatorUrl);
  expect(sum(worker, "mini_compete_build_info", { version, node })).toBe(1);
});

test("every metric that alerts, dashboard and runbooks name exists", async () => {
  // Passwords are counted from the first on, attempts to send from where there is a server for it.
  await call(site.url, {
    method: "POST",
    path: "/api/auth/login",
    json: { email: "nobody@example.com", password: "password123" },
  });
  const exported = new Set<string>();
  for (const from of [port, site.operatorUrl]) {
    const { text } = await call(from, { path: "/metrics" });
    for (const [, name = ""] of text.matchAll(/^# TYPE (\w+)/gm)) exported.add(name);
  }
  const named = metricsNamed([ALERTS, ALERT_TESTS, RUNBOOKS, ...QUERIES].join("\n"));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((name) => !exported.has(name))).toEqual([]);
});

/** `call` names the host itself. */
function askAs(host: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${port}/metrics`, { headers: { host } }, async (answer) => {
      resolve({ status: answer.statusCode, text: await readAll(answer) });
    });
    sent.on("error", reject).end();
  });
}

interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

function scrape(): Promise<Series[]> {
  return read(port);
}

/** A process that takes too long to answer is left out of what the port says. */
function scrapeAll(): Promise<Series[]> {
  return eventually(async () => {
    const all = await scrape();
    expect(sum(all, "mini_compete_web_processes", { answers: "yes" })).toBe(2);
    return all;
  });
}

async function read(from: string): Promise<Series[]> {
  const { text } = await call(from, { path: "/metrics" });
  const described = text.match(/^# TYPE .*/gm) ?? [];
  expect(new Set(described).size, "each metric is described once").toBe(described.length);
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = "", labels, value]) => ({
    name,
    labels: Object.fromEntries(
      [...(labels ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, label, is]) => [label, is]),
    ),
    value: Number(value),
  }));
}

/** What the series of that name that have these labels come to, over all processes. */
function sum(all: Series[], name: string, labels: Record<string, string>): number {
  return all
    .filter((one) => one.name === name)
    .filter((one) => Object.entries(labels).every(([label, is]) => one.labels[label] === is))
    .reduce((total, { value }) => total + value, 0);
}
