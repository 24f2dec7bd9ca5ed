import { randomUUID } from "node:crypto";
import type { AppLoadContext } from "@remix-run/node";
import type { Request as ExpressRequest, Response as ExpressResponse } from "express";
import { keptOrMade } from "~/platform/kept";
import { cutPage, type PageTemplate } from "./page-template";
import { knownTimeZone } from "./pages";
import { requestIdOf } from "./request";
import { nonceOf } from "./security-headers";
import type { StandIn, Visitor } from "./stand-in";
import type { Reason } from "./unavailable";

interface KeptPage {
  status: number;
  headers: [string, string][];
  template: PageTemplate;
  outage: Reason | undefined;
  /** Values that are made for each visitor, by mark. */
  each: Record<string, () => string>;
  until: number | undefined;
}

/** A visitor who gets a kept page. */
type Guest = Exclude<Visitor, { sees: "a page of their own" }>;

/**
 * Answers with kept pages. Each process makes a page at most once a second for each address, time zone and
 * kind of visitor (nobody, or a participant without a seat there). It is made from a request that contains
 * nothing from any visitor, for a person who does not exist; each visitor's own values are put in
 * afterwards. So whatever pages come to show, they cannot show one visitor's data to another.
 *
 * @returns false where the page must be made for this visitor alone
 */
export function keepPages(options: {
  make: (request: Request, context: AppLoadContext) => Promise<Response>;
  countUnavailable: (reason: Reason) => void;
}): (
  req: ExpressRequest,
  res: ExpressResponse,
  asked: { url: string; guest: Guest },
) => Promise<boolean> {
  return async (req, res, { url, guest }) => {
    const zone = knownTimeZone(req.get("cookie"));
    const requestId = requestIdOf(res);
    let isFirst = false;
    const find = () =>
      keptOrMade(
        [guest.sees, zone, url].join(" "),
        () => {
          isFirst = true;
          return makePage(options.make, { url, zone, requestId, isUser: "name" in guest });
        },
        ({ status, until }) => (status === 200 ? until : 0),
      );
    let page = await find();
    // What it shows may have changed while it was made.
    if (page.until !== undefined && page.until <= performance.now()) page = await find();
    if (!isFirst && page.outage) options.countUnavailable(page.outage);
    // A bug gets a line in the log for each visitor who met it.
    else if (!isFirst && page.status >= 500) return false;
    if ("id" in guest) res.locals.userId = guest.id;
    send(req, res, page, {
      nonce: nonceOf(res),
      requestId,
      idempotencyKey: randomUUID(),
      ...("id" in guest && { userId: guest.id, userName: guest.name }),
      ...Object.fromEntries(Object.entries(page.each).map(([mark, make]) => [mark, make()])),
    });
    return true;
  };
}

async function makePage(
  make: (request: Request, context: AppLoadContext) => Promise<Response>,
  of: { url: string; zone: string | null; requestId: string; isUser: boolean },
): Promise<KeptPage> {
  const nonce = randomUUID();
  const user = of.isUser ? standInUser() : null;
  const each: KeptPage["each"] = {};
  const standIn: StandIn = {
    requestId: randomUUID(),
    idempotencyKey: randomUUID(),
    user,
    each(make) {
      const mark = randomUUID();
      each[mark] = make;
      return mark;
    },
  };
  const context: AppLoadContext = {
    nonce,
    standIn,
    user: Promise.resolve(user),
    // For the log: of whom it was made first.
    requestId: of.requestId,
  };
  const cookie = of.zone === null ? "" : `tz=${encodeURIComponent(of.zone)}`;
  const headers = { accept: "text/html", cookie };
  const response = await make(new Request(of.url, { headers }), context);
  const { requestId, idempotencyKey } = standIn;
  const marks = {
    nonce,
    requestId,
    idempotencyKey,
    ...(user && { userId: user.id, userName: user.name }),
    ...Object.fromEntries(Object.keys(each).map((mark) => [mark, mark])),
  };
  return {
    status: response.status === 500 && context.outage ? 503 : response.status,
    headers: [...response.headers],
    template: cutPage(await response.text(), marks),
    outage: context.outage,
    each,
    until: standIn.until,
  };
}

/** A participant who does not exist: with an id, since the database is asked about them. */
function standInUser(): NonNullable<StandIn["user"]> {
  const [id, name, email] = [randomUUID(), randomUUID(), `${randomUUID()}@site.invalid`];
  return { id, name, email, role: "PARTICIPANT", isVerified: true };
}

function send(
  req: ExpressRequest,
  res: ExpressResponse,
  { status, headers, template }: KeptPage,
  values: Record<string, string>,
): void {
  const encoding = req.acceptsEncodings("gzip") ? "gzip" : "identity";
  const body = template.fill(values, encoding);
  res.status(status);
  for (const [name, value] of headers) res.setHeader(name, value);
  // What is packed already is left alone by `compression`, which says what it varies by.
  if (encoding === "gzip") res.setHeader("Content-Encoding", encoding);
  res.setHeader("Content-Length", body.length);
  res.end(body);
}
