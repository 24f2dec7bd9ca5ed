import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler, Response } from "express";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { networkOf } from "~/platform/network";
import { createWrongTokens } from "./wrong-tokens";

/**
 * Admits requests that carry the operator's token: as a bearer token, or as the password of any
 * user name, so that a browser works too. When no token is set, nobody is admitted. After some wrong
 * tokens a network has to wait, longer with each, and its tokens are not looked at meanwhile.
 */
export function requireOpsToken(token: string | undefined): RequestHandler {
  const wrongTokens = createWrongTokens();
  return (req, res, next) => {
    if (!token) {
      return void res.status(403).type("text").send("Set OPS_TOKEN to open the queue board.\n");
    }
    const authorization = req.get("authorization");
    if (authorization === undefined) return challenge(res);
    const network = networkOf(req.socket.remoteAddress ?? "unknown");
    const waitMs = env().RATE_LIMITS === "off" ? 0 : wrongTokens.waitMs(network);
    if (waitMs > 0) return refuseTooMany(res, waitMs);
    if (isSame(givenToken(authorization), token)) {
      wrongTokens.forgive(network);
      return next();
    }
    // The operator needs to know who it was. The token is not logged: it may be almost right.
    log.warn({ network, wrong: wrongTokens.note(network) }, "wrong OPS_TOKEN");
    challenge(res);
  };
}

function challenge(res: Response): void {
  res.set("WWW-Authenticate", 'Basic realm="queues", charset="UTF-8", Bearer realm="queues"');
  res.status(401).type("text").send("The operator's token is needed.\n");
}

function refuseTooMany(res: Response, waitMs: number): void {
  res.set("Retry-After", String(Math.ceil(waitMs / 1_000)));
  res.status(429).type("text").send("Too many wrong tokens. Wait, then try again.\n");
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
