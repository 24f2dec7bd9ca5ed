import { countUnavailable, forgetSeats, outageReason } from "~/web/index.server";
import { accountEndpoints } from "./accounts";
import { type WireAnswer, wireAnswer, wireProblem } from "./answer";
import { lifecycleEndpoints } from "./competition-lifecycle";
import { competitionEndpoints } from "./competitions";
import type { Endpoint } from "./endpoint";
import { mailboxEndpoints } from "./mailbox";
import { openApiEndpoint } from "./openapi";
import { ownRegistrationEndpoints } from "./own-registration";
import { type Problem, problemOf, refuse } from "./problem";
import { registrationListEndpoints } from "./registration-lists";
import { registrationEndpoints } from "./registrations";
import type { ApiRequest } from "./request";

const described = [
  ...accountEndpoints,
  ...competitionEndpoints,
  ...lifecycleEndpoints,
  ...registrationEndpoints,
  ...ownRegistrationEndpoints,
  ...registrationListEndpoints,
  ...mailboxEndpoints,
];

/** The whole API, one entry a path and method. */
export const endpoints: Endpoint[] = [...described, openApiEndpoint(described)];

/**
 * Answers a request to the API. Never throws; `gone` when the client left before its request was
 * complete and there is nobody to answer.
 */
export async function respond(request: ApiRequest): Promise<WireAnswer | "gone"> {
  try {
    const route = findRoute(request.path);
    if (!route) return wireProblem(refuse("not_found", "There is nothing here."), request);
    request.route = route.path;
    if (request.method === "OPTIONS") {
      return wireAnswer({ status: 204, headers: { allow: route.allow } }, request.requestId);
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    const endpoint = route.endpoints.get(method);
    if (!endpoint) return wireProblem(notAllowed(request.method, route.allow), request);
    const outcome = await endpoint.run(request, route.id);
    if (method !== "GET" && route.id) forgetSeats(route.id.toLowerCase());
    if (outcome === "gone") return outcome;
    if (!("code" in outcome)) return wireAnswer(outcome, request.requestId);
    if (outcome.status === 503) countUnavailable("overloaded");
    return wireProblem(outcome, request);
  } catch (error) {
    const problem = problemOf(error, request);
    if (problem.status === 503) countUnavailable(outageReason(error));
    return wireProblem(problem, request);
  }
}

function notAllowed(method: string, allow: string): Problem {
  const detail = `${method} cannot be done here. What can: ${allow}.`;
  return { ...refuse("validation_failed", detail), status: 405, headers: { allow } };
}

/** A path that exists: what it answers to, by method; HEAD is answered as GET. */
interface Route {
  path: string;
  endpoints: ReadonlyMap<string, Endpoint>;
  /** For the `Allow` header. */
  allow: string;
}

const named = new Map<string, Route>();
const patterns: { pattern: RegExp; route: Route }[] = [];

for (const path of new Set(endpoints.map((endpoint) => endpoint.path))) {
  const here = endpoints.filter((endpoint) => endpoint.path === path);
  const methods = here.map(({ method }) => method);
  const readable = methods.includes("GET") ? ["GET", "HEAD"] : [];
  const allow = [...new Set([...readable, ...methods, "OPTIONS"])].join(", ");
  const route = { path, allow, endpoints: new Map(here.map((one) => [one.method, one])) };
  if (path.includes(":id")) {
    patterns.push({ pattern: new RegExp(`^${path.replace(":id", "([^/]+)")}$`), route });
  } else {
    named.set(path, route);
  }
}

/** Finds what answers a path. One that is named in full wins over one with an `:id`. */
function findRoute(asked: string): (Route & { id: string }) | null {
  // As pages do, whose address may end with a slash.
  const path = asked.length > 1 && asked.endsWith("/") ? asked.slice(0, -1) : asked;
  const exact = named.get(path);
  if (exact) return { ...exact, id: "" };
  for (const { pattern, route } of patterns) {
    const id = pattern.exec(path)?.[1];
    if (id !== undefined) return { ...route, id };
  }
  return null;
}
