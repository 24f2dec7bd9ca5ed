import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { env } from "~/platform/env";
import { metrics } from "~/platform/metrics";
import { spendOnPage, tellSeats } from "~/web/index.server";
import { signIn } from "~/web/sessions";
import { call, newCaller } from "../support/api-client";
import { databaseToBreak } from "../support/breaking";
import { openCompetition } from "../support/fixtures";
import { startWholeApp } from "../support/whole-app";

const url = startWholeApp();
let id: string;
let token: string;

beforeAll(async () => {
  id = await openCompetition();
  ({ token } = await newCaller());
});

/** A request line, what follows it, and in short what is answered. */
type Spelling = [line: string, answer: string, rest?: { headers?: string[]; body?: string }];

const JSON_BODY = { headers: ["content-type: application/json", "content-length: 2"], body: "{}" };
const CHUNKED = ["content-type: application/json", "transfer-encoding: chunked"];
const NEW = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const problem = (status: number, code: string) => `${status} application/problem+json ${code}`;
const NO_SUCH = problem(404, "not_found");

const SPELLINGS: Spelling[] = [
  ["GET /api/competitions/ID", "200 application/json"],
  ["HEAD /api/competitions/ID", "200 application/json"],
  ["GET /api/competitions/ID/", "200 application/json"],
  ["GET /api/competitions/ID//", NO_SUCH],
  ["GET /api/competitions/UPPER", "200 application/json"],
  [`GET /api/competitions/${NEW}`, NO_SUCH],
  ["GET /api/competitions/ID?x=1", problem(400, "validation_failed")],
  ["GET /api/competitions/ID?x=%00", problem(400, "validation_failed")],
  ["GET /api/competitions/ID?_data=root", problem(400, "validation_failed")],
  ["GET /api/competitions/ID?x=%E0%A4%A", problem(400, "validation_failed")],
  ["GET /api/competitions?limit=1", "200 application/json"],
  ["GET /api/competitions/?limit=1", "200 application/json"],
  ["GET /api", NO_SUCH],
  ["GET /api/", NO_SUCH],
  ["GET /api?", NO_SUCH],
  ["GET /apis", "404 text/html"],
  ["GET //api/competitions", "404 text/html"],
  ["GET /API/competitions", NO_SUCH],
  ["GET /%61pi/competitions", NO_SUCH],
  ["GET /api%2Fcompetitions", "404 text/html"],
  ["GET /api/%63ompetitions", NO_SUCH],
  ["GET /api/../competitions", problem(400, "validation_failed")],
  ["GET /./api/competitions", "400 text/html"],
  ["GET /api/%E0%A4%A", problem(400, "validation_failed")],
  ["GET /api/%00", problem(400, "validation_failed")],
  ["GET /api/competitions#part", NO_SUCH],
  ["GET http://localhost/api/competitions", problem(400, "validation_failed")],
  ["GET http://elsewhere.example/competitions", "400 text/html"],
  ["OPTIONS *", "400 text/html"],
  ["OPTIONS /api/competitions/ID", "204"],
  ["OPTIONS /api/nothing", NO_SUCH],
  ["PUT /api/competitions/ID", problem(405, "validation_failed")],
  ["TRACE /api/competitions", problem(405, "validation_failed")],
  ["PROPFIND /api/competitions", problem(405, "validation_failed")],
  ["POST /api/competitions/ID", problem(405, "validation_failed"), JSON_BODY],
  ["POST /api/auth/login", problem(400, "validation_failed"), JSON_BODY],
  ["POST /api/auth/login", problem(400, "validation_failed"), { ...JSON_BODY, body: "{x" }],
  [
    "POST /api/auth/login",
    problem(415, "validation_failed"),
    { headers: ["content-type: text/plain", "content-length: 2"], body: "{}" },
  ],
  [
    "POST /api/auth/login",
    problem(413, "validation_failed"),
    {
      headers: ["content-type: application/json", "content-length: 65537"],
      body: "x".repeat(65_537),
    },
  ],
  [
    "GET /api/competitions",
    problem(413, "validation_failed"),
    { headers: ["content-length: 65537"], body: "x".repeat(65_537) },
  ],
  [
    "POST /api/auth/login",
    problem(413, "validation_failed"),
    { headers: CHUNKED, body: `10001\r\n${"x".repeat(65_537)}\r\n0\r\n\r\n` },
  ],
  [
    "POST /api/auth/login",
    problem(400, "validation_failed"),
    { headers: CHUNKED, body: "2\r\n{}\r\n0\r\n\r\n" },
  ],
  [
    "POST /api/auth/login",
    `100, ${problem(400, "validation_failed")}`,
    { ...JSON_BODY, headers: [...JSON_BODY.headers, "expect: 100-continue"] },
  ],
  ["POST /api/auth/login", "417", { ...JSON_BODY, headers: [...JSON_BODY.headers, "expect: x"] }],
  ["GET /api/auth/me", problem(401, "unauthorized")],
  ["GET /api/auth/me", "200 application/json", { headers: ["authorization: Bearer TOKEN"] }],
  ["GET /api/competitions", problem(400, "validation_failed"), { headers: ["host: a b"] }],
  ["GET /covers/%E0%A4%A.svg", "400 text/html"],
  ["GET /competitions/ID/seats", "200 application/json"],
  ["HEAD /competitions/ID/seats", "200 application/json"],
  ["GET /competitions/ID/seats/", "200 application/json"],
  ["GET /competitions/UPPER/seats", "200 application/json"],
  ["GET /competitions/ID/seats?x=1", "200 application/json"],
  ["GET /competitions/ID/seats?_data=root", "400 text/html"],
  ["GET /competitions/ID/SEATS", "200 application/json"],
  ["GET //competitions/ID/seats", "404 text/html"],
  [`GET /competitions/${NEW}/seats`, "404 text/plain"],
  ["GET /competitions/ID/seats", "400 text/html", { headers: ["host: a b"] }],
  ["POST /competitions/ID/seats", "405 application/json", JSON_BODY],
  ["POST /competitions/ID/event.ics", "405 application/json", JSON_BODY],
  ["POST /my-registrations", "405 text/html", JSON_BODY],
  ["PUT /competitions/ID/seats", "405 text/html"],
  ["OPTIONS /competitions/ID/seats", "405 text/html"],
  [
    "GET /competitions/ID/seats",
    "413 text/html",
    { headers: ["content-length: 65537"], body: "x".repeat(65_537) },
  ],
];

const LONG = "x".repeat(1_000);

test.each<[name: string, ...Spelling]>([
  ["a path of slashes", `GET ${"/".repeat(15_000)}x`, "404 text/html"],
  ["a deep path", `GET ${"/x".repeat(17)}`, "404 text/html"],
  ["a long path of the API", `GET /api/${LONG}`, NO_SUCH],
  ["a long path of seats", `GET /competitions/${LONG}/seats`, "404 text/html"],
])("%s is answered before anything compares it with ours", async (_name, line, answer) => {
  const reply = await send(line, {});
  expect(reply.told).toBe(answer);
  // Pages have a frame; this has none.
  expect(reply.body).not.toContain("<header");
});

test("a long query is answered as any other", async () => {
  const reply = await send(`GET /api/competitions?limit=1&q=${"%E5%A5%BD".repeat(200)}`, {});
  expect(reply.told).toBe("200 application/json");
});

test("a content type of fifteen thousand blanks is read in no time", async () => {
  const blanks = " ".repeat(15_000);
  const headers = [`content-type: application/json${blanks}x`, "content-length: 2"];
  const began = performance.now();
  for (let n = 0; n < 20; n++) {
    const reply = await send("POST /api/auth/login", { headers, body: "{}" });
    expect(reply.told).toBe(problem(415, "validation_failed"));
  }
  // By a pattern that goes back over them it takes 2 s and more.
  expect(performance.now() - began).toBeLessThan(1_000);
});

test.each(SPELLINGS)("%s is answered with %s", async (line, answer, rest = {}) => {
  const reply = await send(line, rest);
  expect(reply.told).toBe(answer);
  if (reply.status === 417) return;
  const { headers, body } = reply;
  expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{16}$/);
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": expect.stringMatching(/^default-src '(self|none)';/),
    "cache-control": expect.stringMatching(/^no-(store|cache)$/),
    connection: "close",
  });
  if (reply.status === 405) expect(headers.allow).toMatch(/GET|POST/);
  if (reply.told.includes("problem")) expect(body).toContain(headers["x-request-id"]);
  if (line.startsWith("HEAD ")) expect(body).toBe("");
  else if (headers["content-length"]) expect(body).toHaveLength(Number(headers["content-length"]));
});

test("a picture is found under its id in capitals, too", async () => {
  const [usual, capitals] = [
    await send("GET /covers/ID.svg", {}),
    await send("GET /covers/UPPER.svg", {}),
  ];
  expect(capitals).toMatchObject({ told: "200 image/svg+xml", body: usual.body });
});

test("who leaves in the middle of a body is not waited for", async () => {
  const { hostname, port } = new URL(url());
  const socket = connect({ host: hostname, port: Number(port) });
  const key = randomUUID();
  socket.write(
    `POST /api/competitions/${id}/register HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
      `idempotency-key: ${key}\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{`,
  );
  socket.end();
  await new Promise((resolve) => socket.resume().on("close", resolve));
  const { told } = await send("GET /api/competitions/my-registrations", {
    headers: ["authorization: Bearer TOKEN"],
  });
  expect(told).toBe("200 application/json");
});

test("who registers sees it in the seats right away, whichever way they did", async () => {
  const ways = [
    async (competition: string) => {
      const { token: other } = await newCaller();
      return call(url(), {
        method: "POST",
        path: `/api/competitions/${competition}/register`,
        token: other,
      });
    },
    async (competition: string) => {
      const { user } = await newCaller();
      const session = await signIn(new Request("http://localhost/login"), user.id);
      return call(url(), {
        method: "POST",
        path: `/competitions/${competition}`,
        headers: [
          ["cookie", session.split(";")[0] ?? ""],
          ["content-type", "application/x-www-form-urlencoded"],
        ],
        raw: new URLSearchParams({ intent: "register", idempotencyKey: randomUUID() }).toString(),
      });
    },
  ];
  for (const register of ways) {
    const competition = await openCompetition({ capacity: 2 });
    const path = `/competitions/${competition}/seats`;
    const before = await call(url(), { path });
    expect(before.body).toEqual({
      ...{ capacity: 2, registrations: 0, seatsLeft: 2, state: "open", nextMs: 5_000 },
      ...{ opensAt: null, serverTime: expect.any(String), waiting: 0 },
    });
    const headers: [string, string][] = [["if-none-match", before.headers.etag ?? ""]];
    expect((await call(url(), { path, headers })).status).toBe(304);
    expect((await register(competition)).status).toBeOneOf([201, 303]);
    const after = await call(url(), { path, headers });
    expect([after.status, after.body?.registrations]).toEqual([200, 1]);
  }
});

test("who asks for seats too often is told to wait", async () => {
  env().RATE_LIMITS = "on";
  onTestFinished(() => {
    env().RATE_LIMITS = "off";
  });
  const { user } = await newCaller();
  const cookies =
    (await signIn(new Request("http://localhost/login"), user.id)).split(";")[0] ?? "";
  // All of a minute's points, to the last.
  for (let n = 0; n < 100; n++) await spendOnPage("heavy", { address: "10.3.0.1", cookies });
  const path = `/competitions/${id}/seats`;
  const { status, headers } = await call(url(), { path, headers: [["cookie", cookies]] });
  expect([status, headers["content-type"]]).toEqual([429, "text/plain; charset=utf-8"]);
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
});

test("seats that cannot be read just now are 503, each counted", async () => {
  const { whileLocked, close } = databaseToBreak();
  onTestFinished(close);
  const counted = async () => {
    const told = await metrics().getSingleMetricAsString("mini_compete_unavailable_total");
    return Number(/\{reason="database_busy"\} (\d+)/.exec(told)?.[1]);
  };
  const before = await counted();
  const path = `/competitions/${await openCompetition()}/seats`;
  const answer = await whileLocked(["competition"], () => call(url(), { path }));
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "3"]);
  expect(await counted()).toBe(before + 1);
});

test("open pages that ask too much together are told to ask less often", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const competition = await openCompetition();
  const nextMs = async () => JSON.parse((await tellSeats(competition, null)).body).nextMs;
  vi.advanceTimersByTime(3_600_000);
  expect(await nextMs()).toBe(5_000);
  for (let asked = 0; asked < 12_000; asked++) await tellSeats(competition, null);
  vi.advanceTimersByTime(5_000);
  expect(await nextMs()).toBe(10_000);
  vi.advanceTimersByTime(60_000);
  expect(await nextMs()).toBe(5_000);
});

/** Sends these bytes, and nothing that a client would add. */
async function send(line: string, { headers = [], body = "" }: NonNullable<Spelling[2]>) {
  const { hostname, port } = new URL(url());
  const host = headers.some((one) => one.startsWith("host:")) ? [] : ["host: localhost"];
  const known = (text: string) =>
    text.replace("ID", id).replace("UPPER", id.toUpperCase()).replace("TOKEN", token);
  const head = [`${known(line)} HTTP/1.1`, ...host, ...headers.map(known), "connection: close"];
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  let text = "";
  for await (const chunk of socket.setEncoding("latin1")) text += chunk;
  const isContinued = text.startsWith("HTTP/1.1 100 Continue\r\n\r\n");
  const [top = "", ...rest] = (isContinued ? text.slice(25) : text).split("\r\n\r\n");
  const [status = "", ...lines] = top.split("\r\n");
  return { ...read(status, lines, rest.join("\r\n\r\n"), isContinued) };
}

function read(statusLine: string, lines: string[], body: string, isContinued: boolean) {
  const status = Number(statusLine.split(" ")[1]);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const type = headers["content-type"]?.split(";")[0] ?? "";
  const code = /"code":"(\w+)"/.exec(body)?.[1] ?? "";
  const told = [isContinued ? "100," : "", String(status), type, code].filter(Boolean).join(" ");
  return { status, headers, body, told };
}
