import { type WireAnswer, wireAnswer, wireProblem } from "./answer";
import type { ApiRequest } from "./api-request";
import { endpoints } from "./endpoints";
import { type Refusal, refusalOf, refuse } from "./problem";
import { createRouter } from "./router";

const findRoute = createRouter(endpoints);

/**
 * Answers a request to the API. Never throws; `gone` when the client left before its request was
 * complete and there is nobody to answer.
 */
export async function respond(request: ApiRequest): Promise<WireAnswer | "gone"> {
  try {
    const route = findRoute(request.path);
    if (!route) return wireProblem(refuse("not_found", "There is nothing here."), request);
    if (request.method === "OPTIONS") {
      return wireAnswer({ status: 204, headers: { allow: route.allow } }, request.requestId);
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    const endpoint = route.endpoints.get(method);
    if (!endpoint) return wireProblem(notAllowed(request.method, route.allow), request);
    const outcome = await endpoint.run(request, route.id);
    if (outcome === "gone") return outcome;
    return "code" in outcome
      ? wireProblem(outcome, request)
      : wireAnswer(outcome, request.requestId);
  } catch (error) {
    return wireProblem(refusalOf(error, request), request);
  }
}

function notAllowed(method: string, allow: string): Refusal {
  const detail = `${method} is not possible here; ${allow} are.`;
  return { ...refuse("validation_failed", detail), status: 405, headers: { allow } };
}
