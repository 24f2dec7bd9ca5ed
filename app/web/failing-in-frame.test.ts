import { createRequestHandler, type EntryContext } from "@remix-run/node";
import { expect, test } from "vitest";
import { remixBuild } from "../../tests/support/remix-build";
import { failingInFrame } from "./failing-in-frame";

const page = { default: () => null, loader: async () => "page" };

/** A page whose action throws an answer with this status. */
function handlerOf(status: number) {
  const action = async () => {
    throw new Response(null, { status, headers: { Location: "/login" } });
  };
  const root = { ...page, ErrorBoundary: () => null, loader: async () => "Anna" };
  const show = (_request: Request, status: number, headers: Headers, shown: EntryContext) =>
    Response.json(shown.staticHandlerContext.loaderData, { status, headers });
  const routes = {
    root: { id: "root", path: "", module: root },
    edit: { id: "edit", parentId: "root", path: "edit", module: { ...page, action } },
  };
  const build = remixBuild({ entry: { default: show, handleError: () => {} }, routes });
  return createRequestHandler(failingInFrame(build), "test");
}

const post = (path: string) => {
  const body = new URLSearchParams({ title: "x" });
  return new Request(`http://site.example${path}`, { method: "POST", body });
};

test("a document whose action fails is told so in a frame that knows who is signed in", async () => {
  const answer = await handlerOf(403)(post("/edit"), { failure: {} });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({ root: "Anna" });
});

test("a script, which has its frame already, is told at once", async () => {
  const answer = await handlerOf(404)(post("/edit.data"), {});
  expect(answer.status).toBe(404);
});

test("a redirect is followed", async () => {
  const answer = await handlerOf(303)(post("/edit"), { failure: {} });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login"]);
});
