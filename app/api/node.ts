import { randomBytes } from "node:crypto";
import {
  clientAddress,
  headerOf,
  type IncomingRequest,
  leavingSignal,
  nameRoute,
  type OutgoingResponse,
  readBody,
  requestOrigin,
} from "~/web/index.server";
import type { WireAnswer } from "./answer";
import type { ApiRequest } from "./request";
import { respond } from "./respond";

/**
 * Answers `/api` on Node's own request and response: in a rush to register, copies into Fetch objects
 * and back would cost most. Never throws; `gone` when nobody is there to be answered.
 */
export async function askApi(
  req: IncomingRequest,
  res: OutgoingResponse,
): Promise<WireAnswer | "gone"> {
  const request = apiRequest(req, res);
  const answer = await respond(request);
  nameRoute(res, request.route);
  return answer;
}

function apiRequest(req: IncomingRequest, res: OutgoingResponse): ApiRequest {
  const { url = "/", method = "" } = req;
  const origin = requestOrigin(res) ?? { requestId: randomBytes(8).toString("hex") };
  const mark = url.indexOf("?");
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header: (name) => headerOf(req, name),
    readBody: () => readBody(req),
    clientAddress: clientAddress(req),
    leaving: () => leavingSignal(res),
    requestId: origin.requestId,
    origin,
    noteUser(id) {
      res.locals.userId = id;
    },
  };
}
