import type { ServerBuild } from "@remix-run/node";
import { createElement } from "react";

/** Where the routes that do nothing are: what Remix alone costs. */
export const EMPTY_RESOURCE = "/bench/empty-resource";
export const EMPTY_PAGE = "/bench/empty-page";

/**
 * The product's build with two more routes: a resource route whose action answers a few bytes, and
 * a page in the product's frame with nothing in it.
 */
export function withEmptyRoutes(build: ServerBuild): ServerBuild {
  const resource = "bench/empty-resource";
  const page = "bench/empty-page";
  const answer = () => new Response("{}", { headers: { "content-type": "application/json" } });
  const manifestEntry = {
    hasAction: false,
    hasLoader: false,
    hasClientAction: false,
    hasClientLoader: false,
    hasErrorBoundary: false,
    module: build.assets.entry.module,
    imports: [],
  };
  return {
    ...build,
    assets: {
      ...build.assets,
      routes: {
        ...build.assets.routes,
        [page]: { ...manifestEntry, id: page, parentId: "root", path: EMPTY_PAGE.slice(1) },
      },
    },
    // Typed as if every route had a component; a resource route is one that has none.
    routes: Object.assign({}, build.routes, {
      [resource]: {
        id: resource,
        path: EMPTY_RESOURCE.slice(1),
        module: { action: answer, loader: answer },
      },
      [page]: {
        id: page,
        parentId: "root",
        path: EMPTY_PAGE.slice(1),
        module: { default: () => createElement("p", null, "Nothing") },
      },
    }),
  };
}
