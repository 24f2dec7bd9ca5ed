import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";

/**
 * Admits requests that carry the operator's token: as a bearer token, or as the password of any
 * user name, so that a browser works too. When no token is set, nobody is admitted.
 */
export function requireOpsToken(token: string | undefined): RequestHandler {
  return (req, res, next) => {
    res.set("Cache-Control", "no-store");
    if (!token) {
      return void res.status(403).type("text").send("Set OPS_TOKEN to open the queue board.\n");
    }
    // A browser adds the password to whatever another site makes it send.
    const site = req.get("sec-fetch-site");
    const isOwn = site === undefined || site === "same-origin" || site === "none";
    if (req.method !== "GET" && req.method !== "HEAD" && !isOwn) {
      return void res.status(403).type("text").send("Refused: sent by another site.\n");
    }
    if (isSame(givenToken(req.get("authorization") ?? ""), token)) return next();
    res.set("WWW-Authenticate", 'Basic realm="queues", charset="UTF-8", Bearer realm="queues"');
    res.status(401).type("text").send("The operator's token is needed.\n");
  };
}

function givenToken(authorization: string): string {
  const [, scheme = "", credentials = ""] = /^(\w+)\s+(\S+)\s*$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === "bearer") return credentials;
  if (scheme.toLowerCase() !== "basic") return "";
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}

/** Compares digests, which are of one length: the time taken tells nothing about the token. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
