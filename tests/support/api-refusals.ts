import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type ApiCall, competitionInput } from "./api-client";

/** Who asks, and about what. */
export interface World {
  participant: string;
  organizer: string;
  /** An open competition of somebody else. */
  competition: string;
  /** One past its deadline. */
  closed: string;
}

type Case = [
  name: string,
  request: (world: World) => ApiCall,
  status: number,
  problem?: Record<string, unknown>,
  headers?: Record<string, unknown>,
];

export const register = (world: World, rest: Partial<ApiCall> = {}): ApiCall => ({
  method: "POST",
  path: `/api/competitions/${world.competition}/register`,
  token: world.participant,
  ...rest,
});
const create = ({ organizer }: World, changes: Record<string, unknown>): ApiCall => ({
  method: "POST",
  path: "/api/competitions",
  token: organizer,
  json: competitionInput(changes),
});
export const signUp = (changes: Record<string, unknown>): ApiCall => ({
  method: "POST",
  path: "/api/auth/signup",
  json: {
    name: "Somebody",
    email: "somebody@example.com",
    password: "password123",
    role: "PARTICIPANT",
    ...changes,
  },
});
export const field = (name: string) => ({ errors: [expect.objectContaining({ field: name })] });
const NO_OBJECT = { errors: [{ field: "", message: "The body must be a JSON object." }] };
const JSON_TYPE: [string, string] = ["content-type", "application/json"];
const raw = (body: string | Buffer, headers: [string, string][] = [JSON_TYPE]): ApiCall => ({
  method: "POST",
  path: "/api/auth/login",
  raw: body,
  headers,
});
const CHALLENGE = { "www-authenticate": expect.stringMatching(/^Bearer/) };

/** Requests that are refused, and how. */
export const REFUSALS: Case[] = [
  ["an unknown path", () => ({ path: "/api/nothing" }), 404, { code: "not_found" }],
  ["the API's root", () => ({ path: "/api" }), 404, { code: "not_found" }],
  ["a path with two slashes too many", () => ({ path: "/api/competitions//" }), 404],
  ["an id that is no UUID", () => ({ path: "/api/competitions/42" }), 404, { code: "not_found" }],
  ["an id nobody has", () => ({ path: `/api/competitions/${randomUUID()}` }), 404],
  [
    "a method that is not possible",
    () => ({ method: "DELETE", path: "/api/competitions" }),
    405,
    {},
    { allow: "GET, HEAD, POST, OPTIONS" },
  ],
  [
    "a method that is not possible on a named path which looks like an id",
    () => ({ method: "PATCH", path: "/api/competitions/my-registrations" }),
    405,
    {},
    { allow: "GET, HEAD, OPTIONS" },
  ],
  ["no token", () => ({ path: "/api/auth/me" }), 401, { code: "unauthorized" }, CHALLENGE],
  ["a bad token", () => ({ path: "/api/auth/me", token: "a.b.c" }), 401, {}, CHALLENGE],
  [
    "another scheme",
    () => ({ path: "/api/auth/me", headers: [["authorization", "Basic YTpi"]] }),
    401,
    { code: "unauthorized" },
    CHALLENGE,
  ],
  ["a bad token where none is needed", () => ({ path: "/api/competitions", token: "x" }), 401],
  [
    "an organizer who registers",
    (w) => register(w, { token: w.organizer }),
    403,
    { code: "forbidden" },
  ],
  [
    "a participant who creates",
    (w) => ({ ...create(w, {}), token: w.participant }),
    403,
    { code: "forbidden" },
  ],
  ["a body of another type", () => raw("a=b", [["content-type", "text/plain"]]), 415],
  ["a body without a type", () => raw("{}", []), 415],
  ["a compressed body", () => raw("{}", [JSON_TYPE, ["content-encoding", "gzip"]]), 415],
  ["another charset", () => raw("{}", [["content-type", "application/json; charset=latin1"]]), 415],
  ["a body of 65 KiB", () => raw(JSON.stringify({ email: "x".repeat(66_000) })), 413],
  [
    "a body of 65 KiB that declares no length",
    () => ({ ...raw(JSON.stringify({ email: "x".repeat(66_000) })), chunked: true }),
    413,
  ],
  ["half a JSON document", () => raw('{"email":'), 400, field("")],
  ["bytes that are not UTF-8", () => raw(Buffer.from([0x22, 0xff, 0x22])), 400, field("")],
  ["a list for an object", () => raw("[]"), 400, NO_OBJECT],
  ["null for an object", () => raw("null"), 400, NO_OBJECT],
  ["no body", () => raw(""), 400, NO_OBJECT],
  ["30,000 nested lists", () => raw("[".repeat(30_000) + "]".repeat(30_000)), 400],
  [
    "escapes in 10,000 nested lists",
    () => raw(`${"[".repeat(10_000)}"\\u0041"${"]".repeat(10_000)}`),
    400,
  ],
  ["an unknown field", () => signUp({ admin: true }), 400, field("admin")],
  ["a prototype for a field", () => raw('{"__proto__":{"role":"ORGANIZER"}}'), 400],
  ["a missing field", () => signUp({ email: undefined }), 400, field("email")],
  ["a malformed address", () => signUp({ email: "nobody" }), 400, field("email")],
  ["a Kelvin sign for a k", () => signUp({ email: "\u212Aate@example.com" }), 400, field("email")],
  ["seven characters of password", () => signUp({ password: "1234567" }), 400, field("password")],
  ["two emoji for a password", () => signUp({ password: "😀😀" }), 400, field("password")],
  ["73 bytes of password", () => signUp({ password: "\u00e4".repeat(37) }), 400, field("password")],
  ["an unknown role", () => signUp({ role: "ADMIN" }), 400, field("role")],
  ["a name of blanks", () => signUp({ name: "   " }), 400, field("name")],
  ["a name of 101 characters", () => signUp({ name: "x".repeat(101) }), 400, field("name")],
  ["a NUL character", () => signUp({ name: "a\0b" }), 400],
  ["half a surrogate pair", () => signUp({ name: "a\ud800b" }), 400],
  ["half a surrogate pair in a title", (w) => create(w, { title: "\udc00" }), 400],
  ["a NUL character in a tag", (w) => create(w, { tags: ["a\0"] }), 400],
  ["a draft in words", (w) => create(w, { draft: "yes" }), 400, field("draft")],
  ["no seats", (w) => create(w, { capacity: 0 }), 400, field("capacity")],
  ["half a seat", (w) => create(w, { capacity: 1.5 }), 400, field("capacity")],
  ["a negative line", (w) => create(w, { waitlistLimit: -1 }), 400, field("waitlistLimit")],
  ["too long a line", (w) => create(w, { waitlistLimit: 100_001 }), 400, field("waitlistLimit")],
  ["seats in words", (w) => create(w, { capacity: "10" }), 400, field("capacity")],
  ["too many seats", (w) => create(w, { capacity: 100_001 }), 400, field("capacity")],
  ["a deadline without a zone", (w) => create(w, { regDeadline: "2999-01-01T00:00:00" }), 400],
  ["a deadline that was", (w) => create(w, { regDeadline: "2020-01-01T00:00:00Z" }), 400],
  [
    "an opening after the deadline",
    (w) => create(w, { opensAt: "2999-01-01T00:00:00Z" }),
    400,
    field("opensAt"),
  ],
  ["an opening without a zone", (w) => create(w, { opensAt: "2026-01-01T00:00" }), 400],
  [
    "a start before the deadline",
    (w) => create(w, { startDate: "2020-01-01T00:00:00Z" }),
    400,
    field("startDate"),
  ],
  [
    "an end without a start",
    (w) => create(w, { startDate: null, endsAt: "2999-01-01T00:00:00Z" }),
    400,
    field("endsAt"),
  ],
  ["an unknown time zone", (w) => create(w, { timeZone: "Mars/Olympus" }), 400, field("timeZone")],
  [
    "a script for a place",
    (w) => create(w, { location: "javascript:alert(1)" }),
    400,
    field("location"),
  ],
  ["a slug of one's own", (w) => create(w, { slug: "mine" }), 400, field("slug")],
  ["a word for a limit", () => ({ path: "/api/competitions?limit=ten" }), 400, field("limit")],
  ["a limit of 0", () => ({ path: "/api/competitions?limit=0" }), 400, field("limit")],
  ["a limit of 101", () => ({ path: "/api/competitions?limit=101" }), 400, field("limit")],
  ["a limit twice", () => ({ path: "/api/competitions?limit=1&limit=1" }), 400, field("limit")],
  ["an unknown parameter", () => ({ path: "/api/competitions?sort=up" }), 400, field("sort")],
  ["a parameter where none is known", () => ({ path: "/api/openapi.json?x=1" }), 400, field("x")],
  ["a search of 201 characters", () => ({ path: `/api/competitions?q=${"x".repeat(201)}` }), 400],
  ["a NUL character in a search", () => ({ path: "/api/competitions?q=a%00b" }), 400],
  ["a malformed cursor", () => ({ path: "/api/competitions?cursor=x" }), 400, field("cursor")],
  ...["0000-01-01T00:00:00.000Z", "2020-02-30T00:00:00.000Z", "2020-01-01T24:00:00.000Z"].map(
    (at): Case => [
      `a cursor of ${at}`,
      () => ({
        path: `/api/competitions?cursor=${Buffer.from(`${at} ${randomUUID()}`).toString("base64url")}`,
      }),
      400,
      field("cursor"),
    ],
  ),
  ["a body where none is known", (w) => register(w, { json: { seat: 1 } }), 400, field("seat")],
  [
    "a wish for a place in words",
    (w) => register(w, { json: { waitlist: "yes" } }),
    400,
    field("waitlist"),
  ],
  [
    "who asks for their place and has none",
    (w) => ({ path: `/api/competitions/${w.closed}/registration`, token: w.participant }),
    404,
    { code: "not_found" },
  ],
  ...["a b", "caf\u00e9", "x".repeat(256)].map(
    (key): Case => [
      `the idempotency key ${JSON.stringify(key.slice(0, 10))}`,
      (w) => register(w, { headers: [["idempotency-key", key]] }),
      400,
      field("idempotency-key"),
    ],
  ),
  [
    "an idempotency key twice",
    (w) =>
      register(w, {
        headers: [
          ["idempotency-key", "a"],
          ["idempotency-key", "b"],
        ],
      }),
    400,
    field("idempotency-key"),
  ],
  [
    "a registration past the deadline",
    (w) => register(w, { path: `/api/competitions/${w.closed}/register` }),
    400,
    { code: "deadline_passed" },
  ],
  [
    "a registration for what does not exist",
    (w) => register(w, { path: `/api/competitions/${randomUUID()}/register` }),
    404,
    { code: "not_found" },
  ],
  [
    "a change to what is somebody else's",
    (w) => ({
      method: "PATCH",
      path: `/api/competitions/${w.competition}`,
      token: w.organizer,
      json: { title: "Mine" },
    }),
    404,
  ],
  ...["publish", "clone"].map(
    (what): Case => [
      `a wish with ${what}, which takes none`,
      (w) => ({
        method: "POST",
        path: `/api/competitions/${w.competition}/${what}`,
        token: w.organizer,
        json: { title: "Another" },
      }),
      400,
      field("title"),
    ],
  ),
  [
    "an unknown field in a change",
    (w) => ({
      method: "PATCH",
      path: `/api/competitions/${w.competition}`,
      token: w.organizer,
      json: { createdById: randomUUID() },
    }),
    400,
    field("createdById"),
  ],
];
