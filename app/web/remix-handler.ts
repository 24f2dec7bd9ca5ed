import { pipeline } from "node:stream/promises";
import type { AppLoadContext, ServerBuild } from "@remix-run/node";
import { createRequestHandler } from "@remix-run/node";
import type {
  Request as ExpressRequest,
  Response as ExpressResponse,
  RequestHandler,
} from "express";
import { idIn, withCanonicalIds } from "~/platform/ids";
import { awaitAsker } from "./askers";
import { bodyOf } from "./body";
import type { Cost, Spent } from "./costs";
import { failingInFrame } from "./failing-in-frame";
import { keepPages } from "./kept-pages";
import { forgetSeats } from "./kept-seats";
import { priceList, refusable } from "./page-costs";
import { OUTAGE_SECONDS, tooOften } from "./pages";
import { NOTHING_HERE, sendPlainPage } from "./refusals";
import {
  clientAddress,
  leavingSignal,
  requestedHost,
  requestedProtocol,
  requestIdOf,
  requestOrigin,
} from "./request";
import { nameRoute } from "./request-metrics";
import { nonceOf } from "./security-headers";
import type { Visitor } from "./stand-in";
import type { Reason } from "./unavailable";

/** Takes what a request to a page costs from its sender's budgets. */
export type SpendOnPage = (
  cost: Cost,
  sender: { address: string; cookies: string | undefined },
) => Promise<Spent>;

/** What it takes to keep pages. */
export interface Keeping {
  findVisitor: (asked: {
    cookies: string | undefined;
    competitionId: string | undefined;
  }) => Promise<Visitor>;
  countUnavailable: (reason: Reason) => void;
}

/**
 * Hands a request to Remix, once it is paid for. `@remix-run/express` does the same, but trusts
 * X-Forwarded-Host from anybody, answers 500 to a malformed host, and streams a body without counting its
 * length.
 */
export function remixHandler(
  build: ServerBuild,
  { mode, spend, keeping }: { mode: string; spend: SpendOnPage; keeping?: Keeping | undefined },
): RequestHandler {
  const handle = createRequestHandler(refusable(failingInFrame(build)), mode);
  const priceOf = priceList(build);
  const tellRoutes = routesTeller(build);
  const sendKept = keepPages({
    make: handle,
    countUnavailable: (reason) => keeping?.countUnavailable(reason),
  });

  async function answer(req: ExpressRequest, res: ExpressResponse): Promise<void> {
    const price = priceOf(req.method, withCanonicalIds(req.path));
    const { cost, isFormKept, isKept, route, id } = price;
    nameRoute(res, route);
    const address = clientAddress(req);
    const cookies = req.get("cookie");
    const spent = await spend(cost, { address, cookies });
    const isRefused = spent.status === "rate_limited";
    const isForScript = req.path.endsWith(".data");
    if (isRefused && !isFormKept && !isForScript) return refuse(res, spent);
    if (req.path === ROUTES) return tellRoutes(req, res);
    // Remix would make all of it at once.
    if (price.isDataOfFile) return sendPlainPage(res, { status: 404, ...NOTHING_HERE });

    const url = pageUrl(req);
    const mayKeep = keeping && isKept;
    const competitionId = route === "/competitions/:id" ? id : undefined;
    const visitor = mayKeep ? await keeping.findVisitor({ cookies, competitionId }) : undefined;
    if (visitor && visitor.sees !== "a page of their own") {
      if (await sendKept(req, res, { url, guest: visitor })) return;
    }

    const signal = leavingSignal(res);
    const part: "loader" | "action" = req.method === "POST" ? "action" : "loader";
    const context: AppLoadContext = {
      nonce: nonceOf(res),
      requestId: requestIdOf(res),
      origin: requestOrigin(res),
      clientAddress: address,
      signal,
      user: visitor?.user,
      failure: isForScript ? undefined : {},
      tooOften: isRefused ? { ...spent, part, isFormKept } : undefined,
    };
    const tellAsker = awaitAsker(requestIdOf(res));
    try {
      const response = await handle(toFetchRequest(req, res, { url, signal }), context);
      const asker = await visitor?.user?.catch(() => null);
      res.locals.userId = tellAsker() ?? asker?.id;
      if (part === "action") forgetSeats(idIn(req.path));
      // A page is rendered with its status; what scripts and programs load is left as Remix made it.
      const isOutage = response.status === 500 && context.outage !== undefined;
      await send(response, res, isOutage ? 503 : response.status);
    } finally {
      tellAsker();
    }
  }

  return (req, res, next) => void answer(req, res).catch(next);
}

/** Where pages ask which routes their links lead to. */
const ROUTES = "/__manifest";

/**
 * Tells a page about all routes, whichever links it asks about: Remix would compare each link with every
 * route, which costs more than a page, and anybody can ask about thousands. A page of another build is told
 * to load the next page as a document.
 */
function routesTeller({ assets }: ServerBuild) {
  const all = JSON.stringify(assets.routes);
  return (req: ExpressRequest, res: ExpressResponse) => {
    if (req.query.version === assets.version) {
      res.set("Cache-Control", "public, max-age=31536000, immutable").type("json").send(all);
    } else res.status(204).set("X-Remix-Reload-Document", "true").end();
  };
}

/** Without Remix: a refusal must not cost as much as a page. */
function refuse(res: ExpressResponse, spent: { retryAfterSeconds: number }): void {
  res.set("Retry-After", String(spent.retryAfterSeconds));
  const text = `${tooOften(spent)} Nothing is lost.`;
  sendPlainPage(res, { status: 429, title: "One moment, please", text });
}

/** The requested URL, with the ids in its path as we write them. */
function pageUrl(req: ExpressRequest): string {
  const pathAndQuery = withCanonicalIds(req.originalUrl);
  return `${requestedProtocol(req)}://${requestedHost(req)}${pathAndQuery}`;
}

function toFetchRequest(
  req: ExpressRequest,
  res: ExpressResponse,
  { url, signal }: { url: string; signal: AbortSignal },
): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) headers.append(name, one);
    }
  }
  // Both were judged by `refuseCrossSite`; Remix would compare them again, and less well.
  headers.delete("origin");
  headers.delete("x-forwarded-host");
  headers.set("x-request-id", requestIdOf(res));

  return new Request(url, {
    method: req.method,
    headers,
    body: bodyOf(res),
    signal,
  });
}

async function send(response: Response, res: ExpressResponse, status: number): Promise<void> {
  res.status(status);
  for (const [name, value] of response.headers) {
    // Cookies come one by one; everything else takes the place of a default.
    if (name === "set-cookie") res.append(name, value);
    else res.set(name, value);
  }
  // Remix says so of what has no action.
  if (status === 405 && !res.get("Allow")) res.set("Allow", "GET, HEAD");
  if (status === 503 && !res.get("Retry-After")) res.set("Retry-After", String(OUTAGE_SECONDS));
  if (!response.body) return void res.end();
  // A long list is read no faster than it leaves: what nobody takes must not fill the memory.
  await pipeline(response.body as Pieces, res).catch((error: NodeJS.ErrnoException) => {
    // The client is gone.
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

/** The DOM's type of a stream lacks the iterator that Node's has. */
type Pieces = AsyncIterable<Uint8Array> & Response["body"];
