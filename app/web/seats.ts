import { type CompetitionView, findCompetition } from "~/domain/competitions/index.server";
import { clockNow } from "~/platform/clock";
import { log } from "~/platform/log";
import { isLoggedOutage } from "~/platform/postgres-error";
import { spendOnPage } from "./budget";
import { PAGE_COSTS } from "./costs";
import type { DirectAnswer } from "./direct";
import { isKnownTag, tagOf } from "./etag";
import { keepSeats } from "./kept-seats";
import { endOf, isAroundOpening, type SeatState, seatStateOf } from "./opening";
import { isOutage, OUTAGE_SECONDS, tooOften } from "./pages";
import { EAGER_MS, paceOfPages } from "./poll-pace";
import {
  clientAddress,
  type IncomingRequest,
  type OutgoingResponse,
  requestIdOf,
  SEATS_ROUTE,
} from "./request";
import { nameRoute } from "./request-metrics";
import { countUnavailable, outageReason } from "./unavailable";

/** How full a competition is, and in how many milliseconds to ask again. */
type Seats = Pick<
  CompetitionView,
  "capacity" | "registrations" | "seatsLeft" | "waiting" | "opensAt"
> & {
  state: SeatState;
  /** Set for a cancelled competition, so that open pages learn of it. */
  status: "cancelled" | undefined;
  nextMs: number;
};

const paces = { usual: paceOfPages(), eager: paceOfPages(EAGER_MS) };

/** The seats of one competition, or null; at most a quarter of a second old. */
const findSeats = keepSeats(async (id) => {
  const competition = await findCompetition({ id });
  if (!competition) return null;
  const { capacity, registrations, seatsLeft, waiting, status, opensAt, clock } = competition;
  const pace = isAroundOpening(competition) ? "eager" : "usual";
  const nextMs = paces[pace].nextMs();
  const numbers = { capacity, registrations, seatsLeft, waiting };
  const calledOff = status === "cancelled" ? status : undefined;
  const state = seatStateOf(competition);
  const seats: Seats = { ...numbers, state, status: calledOff, opensAt, nextMs };
  const serverTime = new Date(clockNow(clock));
  // The tag leaves out the time, which always changes.
  const etag = tagOf(JSON.stringify(seats));
  return { body: JSON.stringify({ ...seats, serverTime }), etag, pace, until: endOf(competition) };
});

/**
 * What open pages are told about a competition's seats. Browsers keep the answer and ask before they use
 * it again: if nothing has changed, they get a 304.
 *
 * @param known the tags of what the browser has, `If-None-Match`
 */
export async function tellSeats(
  id: string,
  known: string | null | undefined,
): Promise<DirectAnswer> {
  const seats = await findSeats(id);
  paces[seats?.pace ?? "usual"].count();
  if (!seats) return plain(404, "There is nothing here.");
  const headers = { "cache-control": "no-cache", etag: seats.etag };
  if (isKnownTag(known, seats.etag)) return { status: 304, headers, body: "" };
  return {
    status: 200,
    headers: { ...headers, "content-type": "application/json" },
    body: seats.body,
  };
}

const NAME = "competitions_.$id_.seats";

/** The same, before Express: paid for first, and never throws. */
export async function askSeats(req: IncomingRequest, res: OutgoingResponse): Promise<DirectAnswer> {
  nameRoute(res, SEATS_ROUTE);
  const answer = await paidSeats(req).catch((error) => failure(error, requestIdOf(res)));
  answer.headers["x-request-id"] = requestIdOf(res);
  return answer;
}

async function paidSeats(req: IncomingRequest): Promise<DirectAnswer> {
  const payer = { address: clientAddress(req), cookies: req.headers.cookie };
  const spent = await spendOnPage(PAGE_COSTS[NAME]?.read ?? "glance", payer);
  if (spent.status === "rate_limited") {
    return plain(429, tooOften(spent), spent.retryAfterSeconds);
  }
  const [, , id = ""] = (req.url ?? "").split("/");
  return tellSeats(id, req.headers["if-none-match"]);
}

function failure(error: unknown, requestId: string): DirectAnswer {
  if (!isOutage(error)) {
    log.error({ err: error, requestId }, "request failed");
    return plain(500, "Something went wrong.");
  }
  countUnavailable(outageReason(error));
  if (!isLoggedOutage(error)) log.warn({ err: error, requestId }, "postgres is busy");
  return plain(503, "Try again in a moment.", OUTAGE_SECONDS);
}

function plain(status: number, body: string, retryAfterSeconds?: number): DirectAnswer {
  const headers: Record<string, string> = {
    "cache-control": "no-store",
    "content-type": "text/plain; charset=utf-8",
  };
  if (retryAfterSeconds) headers["retry-after"] = String(retryAfterSeconds);
  return { status, headers, body };
}
