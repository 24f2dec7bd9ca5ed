import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { problemShape } from "~/api/shapes";
import { type ApiCall, type ApiReply, call, newCaller } from "../support/api-client";
import { field, REFUSALS, register, signUp, type World } from "../support/api-refusals";
import { API_SERVERS, startApiServers } from "../support/api-servers";
import { openCompetition } from "../support/fixtures";

const urlOf = startApiServers();

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

describe.each(API_SERVERS)("%s answers", (server) => {
  const send = (request: ApiCall) => call(urlOf(server), request);

  test.each(REFUSALS)("%s as documented", async (_name, request, status, problem, headers) => {
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
      "/api/competitions/{id}/cancel",
      "/api/competitions/{id}/clone",
      "/api/competitions/{id}/participants",
      "/api/competitions/{id}/promotions",
      "/api/competitions/{id}/publish",
      "/api/competitions/{id}/register",
      "/api/competitions/{id}/registration",
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
test("the Express entry answers an empty idempotency key as documented", async () => {
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
