import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { endpoints } from "~/api/respond";
import { problemShape } from "~/api/shapes";
import { type ApiCall, call, competitionInput, newCaller } from "../support/api-client";
import { API_SERVERS, startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();
const tokens: string[] = [];
let competition: string;

beforeAll(async () => {
  // Remix warns of each broken address.
  vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const role of ["PARTICIPANT", "ORGANIZER"] as const) {
    tokens.push((await newCaller(role)).token);
  }
  competition = await openCompetition();
});

/** Text that breaks things: control characters, half surrogate pairs, SQL, markup, and plain noise. */
const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\0", "\ud800", "' or 1=1 --", "<b>", "%00", "\u202e", "\ufeff", "null"),
  fc.nat({ max: 20_000 }).map((length) => "x".repeat(length)),
);
const oddValue = fc.oneof(oddText, fc.jsonValue(), fc.double(), fc.constant("1e400"));

/** Bodies that are nearly right: a good one with a field changed, added or lost. */
const goodBodies = [
  { name: "A", email: "a@example.com", password: "password123", role: "PARTICIPANT" },
  { email: "a@example.com", password: "password123" },
  competitionInput(),
  {},
];
const nearlyRight = fc
  .tuple(
    fc.constantFrom(...goodBodies),
    fc.oneof(fc.constantFrom(...goodBodies.flatMap(Object.keys), "__proto__"), oddText),
    fc.option(oddValue, { nil: undefined }),
  )
  .map(([body, key, value]) => JSON.stringify({ ...body, [key]: value }));
const body = fc.oneof(
  nearlyRight,
  fc.json(),
  oddText,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/** What HTTP lets a header hold; the rest never reaches us. */
const headerText = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 300 },
  )
  .map((codes) => String.fromCharCode(...codes));
const header = fc.tuple(
  fc.constantFrom(
    "authorization",
    "content-type",
    "content-encoding",
    "idempotency-key",
    "accept",
    "cookie",
    "x-forwarded-for",
    "x-request-id",
    "if-none-match",
    "range",
  ),
  fc.oneof(
    headerText,
    fc.constantFrom("Bearer ", "Bearer a.b.c", "application/json", "application/json; charset=x"),
  ),
);

const segment = fc.oneof(
  fc.constantFrom("..", ".", "%2e%2e", "%00", "%", "%ff", "my-registrations", "register", "\\"),
  fc.uuid(),
  fc.string({ maxLength: 20 }).map(encodeURIComponent),
);
const knownPath = fc
  .tuple(fc.constantFrom(...endpoints.map(({ path }) => path)), segment)
  .map(([path, id]) => path.replace(":id", id));
const path = fc.oneof(
  knownPath,
  fc.array(segment, { maxLength: 5 }).map((segments) => `/api/${segments.join("/")}`),
);
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom("q", "tag", "limit", "cursor", "__proto__", "x"),
      fc.oneof(fc.string({ maxLength: 40 }), fc.integer().map(String), fc.base64String()),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&"));

const request = fc
  .record({
    method: fc.constantFrom("GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"),
    path,
    query,
    headers: fc.array(header, { maxLength: 3 }),
    isJson: fc.boolean(),
    raw: fc.option(body, { nil: undefined }),
    chunked: fc.boolean(),
  })
  .map(({ query, isJson, path, headers, ...rest }): ApiCall => {
    const type: [string, string] = ["content-type", "application/json"];
    return {
      ...rest,
      path: query ? `${path}?${query}` : path,
      headers: isJson ? [type, ...headers] : headers,
    };
  })
  // A URL class resolves dots, and Remix would find a page where we find nothing.
  .filter(({ path }) => new URL(path, "http://any").pathname.startsWith("/api/"));

describe.each(API_SERVERS)("%s", (server) => {
  test("answers whatever it is sent as documented, and never with 500", async () => {
    const caller = fc.constantFrom(undefined, 0, 1);
    await fc.assert(
      fc.asyncProperty(request, caller, async (odd, who) => {
        const sent = { ...odd, token: who === undefined ? undefined : tokens[who] };
        expectContract(await call(urlOf(server), sent), sent);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  test("accepts or refuses nearly valid bodies, and never fails on them", async () => {
    const target = fc.constantFrom<[string, string]>(
      ["POST", "/api/competitions"],
      ["PATCH", `/api/competitions/${competition}`],
      ["POST", `/api/competitions/${competition}/register`],
      ["POST", "/api/auth/signup"],
    );
    await fc.assert(
      fc.asyncProperty(target, nearlyRight, fc.constantFrom(0, 1), async (at, raw, who) => {
        const [method, path] = at;
        const headers: [string, string][] = [["content-type", "application/json"]];
        const sent = { method, path, raw, headers, token: tokens[who] };
        expectContract(await call(urlOf(server), sent), sent);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});

function expectContract(reply: Awaited<ReturnType<typeof call>>, sent: ApiCall) {
  expect(reply.status, reply.text).not.toBe(500);
  expect(reply.headers["x-request-id"]).toBeTruthy();
  if (reply.status < 400 || sent.method === "HEAD") return;
  expect(reply.headers["content-type"], reply.text).toMatch(/^application\/problem\+json/);
  const problem = problemShape.strict().parse(reply.body);
  expect(problem.status).toBe(reply.status);
  if (reply.status === 400) expect(problem.errors?.length).toBeGreaterThan(0);
  if (reply.status === 401) expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/);
  if (reply.status === 405) expect(reply.headers.allow).toBeTruthy();
}
