import type { ServerBuild } from "@remix-run/node";
import { createElement } from "react";
import { wireAnswer, wireProblem } from "~/api/answer";
import { admit, findCaller } from "~/api/endpoint";
import { refuse } from "~/api/problem";
import type { EntryModule } from "~/web/app";
import { PAGE_COSTS } from "~/web/costs";
import { headerOf, pathOf, requestIdOf } from "~/web/request";
import type { Side } from "../domain/sides/side.ts";

/** Routes that do nothing: what Remix alone costs. */
export const EMPTY_RESOURCE = "/bench/empty-resource";
export const EMPTY_PAGE = "/bench/empty-page";

/**
 * The product's build with two more routes: a resource route whose action answers a few bytes, and
 * a page in the product's frame with nothing in it.
 */
export function withEmptyRoutes(build: ServerBuild): ServerBuild {
  const resource = "bench/empty-resource";
  const page = "bench/empty-page";
  // A page's cost is declared, or the server does not start.
  Object.assign(PAGE_COSTS, { [resource]: { read: "free" }, [page]: { read: "free" } });
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

const PATH = /^\/api\/competitions\/([0-9a-f-]{36})\/register$/;

/**
 * Another side behind the same HTTP: the product's server, its tokens, its answers. In place of the
 * registration stands the other algorithm; the rest is the product's.
 */
export function rivalApi(side: Side): (entry: EntryModule) => EntryModule["askApi"] {
  return ({ askApi }) =>
    async (req, res) => {
      const path = pathOf(req);
      const competitionId = PATH.exec(path)?.[1];
      if (!competitionId) return askApi ? askApi(req, res) : "gone";
      req.resume();
      const request = { requestId: requestIdOf(res), path };
      const user = admit(await findCaller(req.headers.authorization), "register");
      if ("code" in user) return wireProblem(user, request);
      const key = headerOf(req, "idempotency-key");
      const { ending, registrationId } = await side.register({ user, competitionId, key });
      if (ending === "full") {
        return wireProblem(refuse("competition_full", "Every seat is taken."), request);
      }
      if (ending !== "registered") {
        return wireProblem(refuse("already_registered", "You are registered already."), request);
      }
      const body = { id: registrationId, userId: user.id, competitionId, user };
      return wireAnswer({ status: 201, body }, request.requestId);
    };
}
