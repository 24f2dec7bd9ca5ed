import type { OutgoingHttpHeaders } from "node:http";
import compression from "compression";
import { log } from "~/platform/log";
import { declaresLongBody } from "./body";
import { isApiPath, isWellFormedUrl, problemJson } from "./refusals";
import {
  type IncomingRequest,
  logAccess,
  type OutgoingResponse,
  pathOf,
  requestIdOf,
  type Step,
} from "./request";

/** An answer as it goes over the wire; header names are in lower case. */
export interface DirectAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers requests of one kind; `gone` when the client left before its request was complete. */
export type DirectAnswerer = (
  req: IncomingRequest,
  res: OutgoingResponse,
) => Promise<DirectAnswer | "gone">;

/** The answerers for what Express need not see. */
export interface DirectAnswerers {
  askApi?: DirectAnswerer | undefined;
  askSeats?: DirectAnswerer | undefined;
}

/**
 * Answers the most frequent requests without Express: the API, and the seats that open pages ask for.
 * Passing through Express would cost as much as the rest of such a request (decision 31).
 *
 * @param options.headers sent with every answer; names in lower case
 * @returns a function that tells whether it answers. The rest, odd spellings included, goes to Express,
 *   which knows how to refuse.
 */
export function answerDirectly(
  { askApi, askSeats }: DirectAnswerers,
  { headers }: { headers: OutgoingHttpHeaders },
): (req: IncomingRequest, res: OutgoingResponse) => boolean {
  // It needs only Node's own request and response; its types ask for Express'.
  const compress = compression() as unknown as Step;

  function send(req: IncomingRequest, res: OutgoingResponse, answer: DirectAnswer): void {
    const { status, body } = answer;
    const sent: OutgoingHttpHeaders = { ...headers, ...answer.headers };
    if (body !== "") sent["content-length"] = Buffer.byteLength(body);
    const write = () => {
      res.writeHead(status, sent);
      // Node leaves it out for HEAD.
      res.end(body);
    };
    if (req.method === "GET" && body.length >= COMPRESSED_FROM) compress(req, res, write);
    else write();
  }

  return (req, res) => {
    const path = pathOf(req);
    const ask = isApiPath(path) ? askApi : isSeats(req, path) ? askSeats : undefined;
    if (!ask || !isWellFormedUrl(req) || declaresLongBody(req)) return false;
    logAccess(req, res, () => {
      ask(req, res)
        .then((answer) => answer !== "gone" && send(req, res, answer))
        .catch((error) => {
          const requestId = requestIdOf(res);
          log.error({ err: error, requestId }, "request failed");
          if (res.headersSent) res.destroy();
          else send(req, res, failed({ requestId, path }));
        });
    });
    return true;
  };
}

/** The answer to an unexpected failure; endpoints report the expected ones themselves. */
function failed(request: { requestId: string; path: string }): DirectAnswer {
  const detail = "Something went wrong. Quote the request id when you report this.";
  return {
    status: 500,
    headers: {
      "cache-control": "no-store",
      "content-type": "application/problem+json; charset=utf-8",
      "x-request-id": request.requestId,
    },
    body: problemJson({ status: 500, code: "internal", detail }, request),
  };
}

/** Shorter answers are hardly worth compressing. Characters. */
const COMPRESSED_FROM = 1_024;

const SEATS = /^\/competitions\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/seats$/;

/** As our pages spell it; Remix answers other spellings. */
function isSeats({ method }: IncomingRequest, path: string): boolean {
  return SEATS.test(path) && (method === "GET" || method === "HEAD");
}
