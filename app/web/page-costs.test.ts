import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EntryContext, ServerBuild } from "@remix-run/node";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { remixBuild } from "../../tests/support/remix-build";
import { readFormBody } from "./body";
import { priceList } from "./page-costs";
import { remixHandler, type SpendOnPage } from "./remix-handler";

/** What ran, and what was spent. */
let ran: string[] = [];
let spent: Parameters<SpendOnPage>[] = [];
let verdict: Awaited<ReturnType<SpendOnPage>>;
let server: Server;

beforeEach(async () => {
  [ran, spent, verdict] = [[], [], { status: "allowed" }];
  const app = express().use(readFormBody);
  const spend: SpendOnPage = async (...asked) => {
    spent.push(asked);
    return verdict;
  };
  app.use(
    remixHandler(build(["login", "competitions", "competitions_.$id_.delete"]), {
      mode: "test",
      spend,
    }),
  );
  server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});
afterEach(() => void server.close().closeAllConnections());

async function send(path: string, { form, cookie }: { form?: object; cookie?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: form ? "POST" : "GET",
    body: form && new URLSearchParams(Object.entries(form)),
    headers: cookie ? { cookie } : {},
  });
  const { status, headers } = response;
  return { status, wait: headers.get("retry-after"), text: await response.text() };
}

describe("a request that can be paid", () => {
  test.each([
    ["/login", undefined, "read", ["login loader"]],
    ["/login?redirectTo=x", { email: "a@b.c" }, "password", ["login action", "login loader"]],
    ["/competitions", undefined, "list", ["competitions loader"]],
    ["/competitions.data", undefined, "list", ["competitions loader"]],
    ["/competitions/7/delete", { x: "1" }, "heavy", ["delete action", "delete loader"]],
    ["/__manifest?p=/login", undefined, "glance", []],
  ])("%s %j costs its page's price once, and runs", async (path, form, cost, parts) => {
    await send(path, { form, cookie: "session=1" });
    expect(spent).toEqual([[cost, { address: "127.0.0.1", cookies: "session=1" }]]);
    expect(ran.filter((part) => part !== "root loader")).toEqual(parts);
  });
});

describe("a request that cannot", () => {
  beforeEach(() => {
    verdict = { status: "rate_limited", retryAfterSeconds: 40 };
  });

  test.each([
    ["/competitions", undefined],
    ["/competitions/7/delete", { x: "1" }],
  ])("%s %j is told so without Remix", async (path, form) => {
    const answer = await send(path, { form });
    expect(answer).toMatchObject({ status: 429, wait: "40" });
    expect(answer.text).toContain("Try again in a minute.");
    expect(ran).toEqual([]);
  });

  test("with a form gets the form again, with what was typed and without the password", async () => {
    const answer = await send("/login", { form: { email: "a@b.c", password: "secret" } });
    expect(answer).toMatchObject({ status: 429, wait: "40" });
    expect(JSON.parse(answer.text)).toEqual({
      values: { email: "a@b.c" },
      errors: { "": "That was a little too often. Try again in a minute." },
    });
    expect(ran).not.toContain("login action");
    expect(ran).toContain("login loader");
  });

  test.each([
    ["/competitions.data", undefined],
    ["/competitions/7/delete.data", { x: "1" }],
  ])("%s %j from a script fails in the page's frame", async (path, form) => {
    const answer = await send(path, { form });
    expect(answer.status).toBe(429);
    expect(answer.text).toContain("Too Many Requests");
    expect(ran.filter((part) => part !== "root loader")).toEqual([]);
  });
});

test.each([
  ["GET", "/competitions", true],
  ["GET", "/competitions.data", false],
  ["HEAD", "/competitions", false],
  ["POST", "/competitions", false],
  ["GET", "/login", false],
])("%s %s is answered with a kept page: %s", (method, path, isKept) => {
  expect(priceList(build(["competitions", "login"]))(method, path)).toMatchObject({ isKept });
});

test("a page that asks where its links lead is told about all routes; one of another build is told to reload", async () => {
  const { port } = server.address() as AddressInfo;
  const ask = (version: string) =>
    fetch(`http://127.0.0.1:${port}/__manifest?p=/login&p=/a&version=${version}`);
  const told = await ask("this");
  expect(await told.json()).toEqual({
    "routes/login": { id: "routes/login" },
    root: { id: "root" },
  });
  expect(told.headers.get("cache-control")).toContain("immutable");
  const other = await ask("other");
  expect([other.status, other.headers.get("x-remix-reload-document")]).toEqual([204, "true"]);
});

test("a page that declares no cost keeps the server from starting", () => {
  expect(() => priceList(build(["login", "forgotten"]))).toThrow(
    "routes/forgotten declares no cost",
  );
});

/** What the compiler would make of these pages; each answers with what its action said. */
function build(pages: string[]): ServerBuild {
  const page = (name: string) => {
    const short = name.split("_.").at(-1);
    const part = (kind: string) => async () => {
      ran.push(`${short} ${kind}`);
      return { from: kind };
    };
    const path = name.replace("$id", ":id").replaceAll("_.", "/");
    const id = `routes/${name}`;
    const module = { default: () => null, loader: part("loader"), action: part("action") };
    return [id, { id, parentId: "root", path, module }] as const;
  };
  const root = {
    id: "root",
    path: "",
    module: {
      default: () => null,
      ErrorBoundary: () => null,
      loader: async () => {
        ran.push("root loader");
        return null;
      },
    },
  };
  const show = (_request: Request, status: number, headers: Headers, shown: EntryContext) =>
    Response.json(Object.values(shown.staticHandlerContext.actionData ?? {})[0] ?? null, {
      status,
      headers,
    });
  return remixBuild({
    entry: { default: show, handleError: () => {} },
    routes: { root, ...Object.fromEntries(pages.map(page)) },
    assets: {
      entry: { imports: [], module: "" },
      routes: { root: { id: "root" }, "routes/login": { id: "routes/login" } } as never,
      ...{ url: "", version: "this" },
    },
  });
}
