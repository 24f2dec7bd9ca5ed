import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { problemShape } from "~/http/api/shapes.server";
import {
  type ApiCall,
  type ApiReply,
  call,
  competitionInput,
  newCaller,
} from "../support/api-client";
import { API_SERVERS, startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();

interface World {
  participant: string;
  organizer: string;
  /** An open competition of somebody else. */
  competition: string;
  /** One past its deadline. */
  closed: string;
}
let world: World;

beforeAll(async () => {
  const [participant, organizer] = [await newCaller(), await newCaller("ORGANIZER")];
  world = {
    participant: participant.token,
    organizer: organizer.token,
    competition: await openCompetition(),
    closed: await openCompetition({ closesInMs: -1_000 }),
  };
});

type Case = [
  name: string,
  request: (world: World) => ApiCall,
  status: number,
  problem?: Record<string, unknown>,
  headers?: Record<string, unknown>,
];

const register = (world: World, rest: Partial<ApiCall> = {}): ApiCall => ({
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
const signUp = (changes: Record<string, unknown>): ApiCall => ({
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
const field = (name: string) => ({ errors: [expect.objectContaining({ field: name })] });
const JSON_TYPE: [string, string] = ["content-type", "application/json"];
const raw = (body: string | Buffer, headers: [string, string][] = [JSON_TYPE]): ApiCall => ({
  method: "POST",
  path: "/api/auth/login",
  raw: body,
  headers,
});
const CHALLENGE = { "www-authenticate": expect.stringMatching(/^Bearer/) };

const cases: Case[] = [
  ["an unknown path", () => ({ path: "/api/nothing" }), 404, { code: "not_found" }],
  ["the API's root", () => ({ path: "/api" }), 404, { code: "not_found" }],
  ["a path with a slash too many", () => ({ path: "/api/competitions/" }), 404],
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
  ["a list for an object", () => raw("[]"), 400, field("")],
  ["null for an object", () => raw("null"), 400, field("")],
  ["no body", () => raw(""), 400, field("")],
  ["30,000 nested lists", () => raw("[".repeat(30_000) + "]".repeat(30_000)), 400],
  [
    "escapes in 10,000 nested lists",
    () => raw(`${"[".repeat(10_000)}"\\u0041"${"]".repeat(10_000)}`),
    400,
  ],
  ["an unknown field", () => signUp({ admin: true }), 400, field("admin")],
  ["a prototype for a field", () => raw('{"__proto__":{"role":"ORGANIZER"}}'), 400],
  ["a missing field", () => signUp({ email: undefined }), 400, field("email")],
  ["an address that is none", () => signUp({ email: "nobody" }), 400, field("email")],
  ["a Kelvin sign for a k", () => signUp({ email: "\u212Aate@example.com" }), 400, field("email")],
  ["seven bytes of password", () => signUp({ password: "1234567" }), 400, field("password")],
  ["73 bytes of password", () => signUp({ password: "\u00e4".repeat(37) }), 400, field("password")],
  ["a role that is none", () => signUp({ role: "ADMIN" }), 400, field("role")],
  ["a name of blanks", () => signUp({ name: "   " }), 400, field("name")],
  ["a name of 101 characters", () => signUp({ name: "x".repeat(101) }), 400, field("name")],
  ["a NUL character", () => signUp({ name: "a\0b" }), 400],
  ["half a surrogate pair", () => signUp({ name: "a\ud800b" }), 400],
  ["half a surrogate pair in a title", (w) => create(w, { title: "\udc00" }), 400],
  ["a NUL character in a tag", (w) => create(w, { tags: ["a\0"] }), 400],
  ["no seats", (w) => create(w, { capacity: 0 }), 400, field("capacity")],
  ["half a seat", (w) => create(w, { capacity: 1.5 }), 400, field("capacity")],
  ["seats in words", (w) => create(w, { capacity: "10" }), 400, field("capacity")],
  ["too many seats", (w) => create(w, { capacity: 100_001 }), 400, field("capacity")],
  ["a deadline without a zone", (w) => create(w, { regDeadline: "2999-01-01T00:00:00" }), 400],
  ["a deadline that was", (w) => create(w, { regDeadline: "2020-01-01T00:00:00Z" }), 400],
  [
    "a start before the deadline",
    (w) => create(w, { startDate: "2020-01-01T00:00:00Z" }),
    400,
    field("startDate"),
  ],
  ["a word for a limit", () => ({ path: "/api/competitions?limit=ten" }), 400, field("limit")],
  ["a limit of 0", () => ({ path: "/api/competitions?limit=0" }), 400, field("limit")],
  ["a limit of 101", () => ({ path: "/api/competitions?limit=101" }), 400, field("limit")],
  ["a limit twice", () => ({ path: "/api/competitions?limit=1&limit=1" }), 400, field("limit")],
  ["an unknown parameter", () => ({ path: "/api/competitions?sort=up" }), 400, field("sort")],
  ["a parameter where none is known", () => ({ path: "/api/openapi.json?x=1" }), 400, field("x")],
  ["a search of 201 characters", () => ({ path: `/api/competitions?q=${"x".repeat(201)}` }), 400],
  ["a NUL character in a search", () => ({ path: "/api/competitions?q=a%00b" }), 400],
  ["a cursor that is none", () => ({ path: "/api/competitions?cursor=x" }), 400, field("cursor")],
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

describe.each(API_SERVERS)("%s answers", (server) => {
  const send = (request: ApiCall) => call(urlOf(server), request);

  test.each(cases)("%s as the contract says", async (_name, request, status, problem, headers) => {
    const reply = await send(request(world));
    expectProblem(reply, status);
    expect(reply.body).toMatchObject({ ...problem });
    if (headers) expect(reply.headers).toMatchObject(headers);
  });

  test("an unknown address and a wrong password alike", async () => {
    const account = signUp({ email: `${randomUUID()}@example.com` });
    expect((await send(account)).status).toBe(201);
    const attempts = [account.json, { email: "nobody@example.com" }].map((known) => ({
      method: "POST",
      path: "/api/auth/login",
      json: { email: Object(known).email, password: "wrong password" },
    }));
    const replies = await Promise.all(attempts.map(send));
    const [wrong, unknown] = replies.map(({ status, body, headers }) => {
      const { requestId: _id, ...rest } = body;
      return { status, body: rest, headers: Object.keys(headers) };
    });
    expect(wrong?.status).toBe(401);
    expect(unknown).toEqual(wrong);
  });

  test("an address that is taken with 409", async () => {
    const account = signUp({ email: `${randomUUID()}@example.com` });
    expect((await send(account)).status).toBe(201);
    const taken = await send(account);
    expectProblem(taken, 409);
    expect(taken.body.code).toBe("conflict");
  });

  test("a key that was used by somebody else as new", async () => {
    const competition = await openCompetition();
    const path = `/api/competitions/${competition}/register`;
    const headers: [string, string][] = [["idempotency-key", "shared"]];
    const callers = [await newCaller(), await newCaller()];
    const replies = await Promise.all(
      callers.map(({ token }) => send({ method: "POST", path, token, headers })),
    );
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(replies.map(({ body }) => body.userId)).toEqual(callers.map(({ user }) => user.id));
  });

  test("HEAD like GET without a body, and OPTIONS with what is possible", async () => {
    const path = "/api/competitions?limit=1";
    const [get, head] = [await send({ path }), await send({ method: "HEAD", path })];
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
    const options = await send({ method: "OPTIONS", path: "/api/auth/login" });
    expect(options.status).toBe(204);
    expect(options.headers.allow).toBe("POST, OPTIONS");
    expectProblem(await send({ method: "OPTIONS", path: "/api/nothing" }), 404);
  });

  test("cookies with nothing: the API never reads them", async () => {
    const reply = await send({ path: "/api/auth/me", headers: [["cookie", "session=x"]] });
    expect(reply.status).toBe(401);
    expect(reply.headers["set-cookie"]).toBeUndefined();
  });

  test("with its OpenAPI description, which knows every path", async () => {
    const { status, body, headers } = await send({ path: "/api/openapi.json" });
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(body.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(body.paths).sort()).toEqual([
      "/api/auth/login",
      "/api/auth/me",
      "/api/auth/signup",
      "/api/competitions",
      "/api/competitions/my-registrations",
      "/api/competitions/{id}",
      "/api/competitions/{id}/participants",
      "/api/competitions/{id}/register",
      "/api/mailbox",
      "/api/openapi.json",
    ]);
    const { parameters, requestBody } = body.paths["/api/competitions/{id}/register"].post;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["id", "idempotency-key"]);
    expect(requestBody.required).toBe(false);
    const references = JSON.stringify(body).match(/#\/components\/schemas\/\w+/g) ?? [];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      expect(body.components.schemas).toHaveProperty(reference.split("/").at(-1) ?? "");
    }
  });
});

// Remix' own adapter for Express drops headers that are empty.
test("the Express entry answers an empty idempotency key as the contract says", async () => {
  const headers: [string, string][] = [["idempotency-key", ""]];
  const reply = await call(urlOf("the Express entry"), register(world, { headers }));
  expectProblem(reply, 400);
  expect(reply.body).toMatchObject(field("idempotency-key"));
});

function expectProblem(reply: ApiReply, status: number) {
  expect(reply.text).not.toBe("");
  expect(reply.status, reply.text).toBe(status);
  expect(reply.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  const problem = problemShape.strict().parse(reply.body);
  expect(problem.status).toBe(status);
  expect(problem.requestId).toBe(reply.headers["x-request-id"]);
  expect(problem.instance).toMatch(/^\/api/);
  if (status === 400) expect(problem.errors?.length).toBeGreaterThan(0);
}
