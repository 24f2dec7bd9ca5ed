import type { RequestHandler } from "express";
import { isOfHost, parseOrigin } from "~/platform/hosts";

/** Refuses a change that another site made the browser send: it adds the password to that too. */
export const refuseForeignOrigins: RequestHandler = (req, res, next) => {
  if (isRead(req.method)) return next();
  const origin = req.get("origin");
  const site = req.get("sec-fetch-site") ?? "none";
  const from = parseOrigin(origin ?? "");
  const isOwn =
    origin === undefined
      ? site === "same-origin" || site === "none"
      : from !== null && isOfHost(from, req.get("host") ?? "");
  if (isOwn) return next();
  res.status(403).type("text").send("Refused: sent by another site.\n");
};

/** Refuses every change. */
export const refuseChanges: RequestHandler = (req, res, next) => {
  if (isRead(req.method)) return next();
  res.status(403).type("text").send("The board is read-only. OPS_WRITE=on lets it change jobs.\n");
};

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
