import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { endpoints } from "~/api/respond";
import { PAGE_COSTS, type PageCost, POINTS } from "~/web/costs";

const COSTS = [...Object.keys(POINTS), "registration"];
const routes = fileURLToPath(new URL("../../app/routes", import.meta.url));

/** What a page's module answers. */
interface Answers {
  page: string;
  loader: boolean;
  action: boolean;
  /** Without a component its failures are bare text, in no page's frame. */
  isFramed?: boolean;
}

const exports = (source: string, name: string) =>
  new RegExp(
    `^export (async )?(const|function) ${name}\\b|^export \\{[^}]*\\b${name}\\b`,
    "m",
  ).test(source);

const pages: Answers[] = readdirSync(routes).map((page) => {
  const [file = ""] = ["route.tsx", "route.ts"]
    .map((name) => join(routes, page, name))
    .filter((path) => existsSync(path));
  const source = readFileSync(file, "utf8");
  const isFramed = /^export default function /m.test(source);
  return { page, loader: exports(source, "loader"), action: exports(source, "action"), isFramed };
});

/** What is wrong between what pages answer and what they say it costs. */
function undeclared(answers: Answers[], declared: Record<string, PageCost>): string[] {
  const names = new Set([...answers.map(({ page }) => page), ...Object.keys(declared)]);
  return [...names].flatMap((name) => {
    const found = answers.find(({ page }) => page === name);
    const cost = declared[name];
    if (!found) return `${name} is no page`;
    if (!cost) return `${name} declares no cost`;
    const unknown = [cost.read, cost.write ?? "free"].filter((one) => !COSTS.includes(one));
    return [
      ...unknown.map((one) => `${name} costs ${one}, which is nothing`),
      ...(found.action === (cost.write !== undefined) ? [] : [`${name}: its action and its cost`]),
    ];
  });
}

test("whatever takes a form fails in the frame of a page, and the API in its own way", () => {
  const bare = pages.filter(({ action, isFramed }) => action && !isFramed);
  expect(bare.map(({ page }) => page)).toEqual(["api.$"]);
});

describe("what it costs declares", () => {
  test("every endpoint of the API", () => {
    expect(endpoints.length).toBeGreaterThan(10);
    expect(endpoints.filter(({ cost }) => !COSTS.includes(cost))).toEqual([]);
    // Only what does nothing is free.
    expect(endpoints.filter(({ cost }) => cost === "free")).toEqual([]);
  });

  test("every page, by what it answers", () => {
    expect(pages.filter(({ loader }) => loader).length).toBeGreaterThan(10);
    expect(pages.filter(({ action }) => action).length).toBeGreaterThan(5);
    expect(undeclared(pages, PAGE_COSTS)).toEqual([]);
    const free = Object.keys(PAGE_COSTS).filter((page) => PAGE_COSTS[page]?.read === "free");
    // Nothing but a redirect, besides the API, whose endpoints have costs of their own.
    const redirects = ["clone", "close", "publish"].map((verb) => `competitions_.$id_.${verb}`);
    expect(free).toEqual(["api.$", ...redirects, "logout"]);
  });

  test.each<[string, Answers[], Record<string, PageCost>]>([
    ["a new page", [{ page: "new", loader: true, action: false }], {}],
    ["a new action", [{ page: "old", loader: true, action: true }], { old: { read: "read" } }],
    ["a page that is gone", [], { gone: { read: "read" } }],
  ])("%s, or this is noticed", (_what, answers, declared) => {
    expect(undeclared(answers, declared)).toHaveLength(1);
  });
});
