import type { HeadersFunction, LoaderFunction, ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";
import { LRUCache } from "lru-cache";
import { type Cost, PAGE_COSTS, type PageCost } from "./costs";
import { formAgain, formValues, readForm } from "./forms";
import { tooOften } from "./pages";

/** What a request to a page costs, and what else decides how it is answered. */
export interface Price {
  /** The page's pattern, such as `/competitions/:id`; undefined if no page has this path. */
  route: string | undefined;
  cost: Cost;
  /** Whether a script asks for the data of a file: only pages have any. */
  isDataOfFile: boolean;
  isFormKept: boolean;
  isKept: boolean;
  /** Which competition it is about. */
  id: string | undefined;
}

type Route = NonNullable<ServerBuild["routes"][string]>;

/**
 * Looks up what a request to a page costs. Remix answers a page's data under its path with `.data`.
 *
 * @throws when a page of the build declares no cost
 */
export function priceList(build: ServerBuild): (method: string, path: string) => Price {
  const pages = Object.values(build.routes).filter((route) => route && route.id !== "root");
  const tree = (pages as Route[]).map((route) => {
    const { id, path, index, caseSensitive, module } = route;
    const isFile = module.default === undefined;
    const name = path === "*" ? undefined : `/${path ?? ""}`;
    return { path, index, caseSensitive, name, isFile, cost: requireCost(id) } as const;
  });
  const find = (path: string) => {
    const page = path.replace(/\.data$/, "").replace(/^\/_root$/, "/");
    const [match] = matchRoutes(tree as Parameters<typeof matchRoutes>[0], page) ?? [];
    const { name, isFile = false, cost = NO_PAGE } = (match?.route ?? {}) as Found;
    return { name, isFile, cost, id: match?.params.id, isDocument: page === path };
  };
  // Finding it again would cost more than everything else about a kept page.
  const found = new LRUCache<string, ReturnType<typeof find>>({ max: 1_000, memoMethod: find });
  return (method, path) => {
    const isShort = path.length <= LONGEST_KNOWN;
    const { name, isFile, cost, id, isDocument } = isShort ? found.memo(path) : find(path);
    const isRead = method === "GET" || method === "HEAD";
    return {
      route: name,
      cost: isRead ? cost.read : (cost.write ?? cost.read),
      isDataOfFile: isFile && !isDocument,
      isFormKept: !isRead && cost.form === "kept",
      isKept: method === "GET" && isDocument && cost.isKept === true,
      id,
    };
  };
}

interface Found {
  name?: string;
  isFile?: boolean;
  cost?: PageCost;
}

/** Longer paths than any page's are not remembered. */
const LONGEST_KNOWN = 200;

/** The cost of a path that no page has. */
const NO_PAGE: PageCost = { read: "glance" };

function requireCost(id: string): PageCost {
  const cost = PAGE_COSTS[id.replace(/^routes\//, "")];
  if (!cost) throw new Error(`the page ${id} declares no cost in app/web/costs.ts`);
  return cost;
}

/**
 * The same build, with pages that do no work for a refused request (`context.tooOften`): a form comes back
 * with what was typed, anything else fails inside the page's frame.
 */
export function refusable(build: ServerBuild): ServerBuild {
  const routes = Object.entries(build.routes).map(([id, route]) => [
    id,
    route && { ...route, module: refusableModule(route) },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

function refusableModule({ id, module }: Route): Route["module"] {
  const { loader, action, headers } = module;
  return {
    ...module,
    loader: loader && id !== "root" ? unlessRefused(loader, "loader") : loader,
    action: action && unlessRefused(action, "action"),
    headers: headers ?? withRetryAfter,
  };
}

/** Remix keeps only the cookies among a document's headers, unless it is told otherwise. */
const withRetryAfter: HeadersFunction = ({ parentHeaders, ...parts }) => {
  const headers = new Headers(parentHeaders);
  for (const part of [parts.loaderHeaders, parts.actionHeaders, parts.errorHeaders]) {
    const wait = part?.get("Retry-After");
    if (wait) headers.set("Retry-After", wait);
  }
  return headers;
};

function unlessRefused(work: LoaderFunction, part: "loader" | "action"): LoaderFunction {
  return async (args, ...rest) => {
    const { tooOften: refused } = args.context;
    if (refused?.part !== part) return work(args, ...rest);
    const headers = { "Retry-After": String(refused.retryAfterSeconds) };
    if (!refused.isFormKept) {
      throw new Response(null, { status: 429, statusText: "Too Many Requests", headers });
    }
    const values = formValues(await readForm(args.request));
    return formAgain({ values, errors: { "": tooOften(refused) } }, 429, headers);
  };
}
