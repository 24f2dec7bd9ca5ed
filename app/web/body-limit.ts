import type { Request, RequestHandler, Response } from "express";
import { isApiPath, sendPlainPage, sendPlainProblem } from "./plain-page";

/** The most a body may hold, in bytes: contract.md's 64 KiB. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** A little of what is too much is read to its end, or the sender sees a reset and not our answer. */
const DISCARD_LIMIT_BYTES = 1024 * 1024;

/** Refuses a body whose declared length is over the limit with 413, before anything is parsed. */
export const refuseLongBody: RequestHandler = (req, res, next) => {
  if (Number(req.get("content-length") ?? 0) <= BODY_LIMIT_BYTES) return next();
  discard(req).then(() => refuse(req, res), next);
};

/**
 * Reads the body into `res.locals.body`, counting what really arrives: a chunked one declares no
 * length. Answers 413 past the limit.
 */
export const readBody: RequestHandler = (req, res, next) => {
  if (req.method === "GET" || req.method === "HEAD") return next();
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) {
      chunks.push(chunk);
      return;
    }
    stopListening();
    discard(req).then(() => refuse(req, res), next);
  };
  const onEnd = () => {
    stopListening();
    res.locals.body = Buffer.concat(chunks);
    next();
  };
  // The client went away in the middle: there is nobody to answer.
  const onError = () => stopListening();
  const stopListening = () => req.off("data", onData).off("end", onEnd).off("error", onError);
  req.on("data", onData).on("end", onEnd).on("error", onError);
};

/** The bytes that `readBody` read. */
export function bodyOf(res: Response): Uint8Array<ArrayBuffer> | null {
  return Buffer.isBuffer(res.locals.body) ? new Uint8Array(res.locals.body) : null;
}

function discard(req: Request): Promise<void> {
  return new Promise((resolve) => {
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > DISCARD_LIMIT_BYTES) resolve();
    });
    for (const event of ["end", "error", "close"]) req.once(event, resolve);
    req.resume();
  });
}

function refuse(req: Request, res: Response): void {
  if (res.headersSent || res.destroyed) return;
  res.set("Connection", "close");
  if (isApiPath(req.path)) {
    sendPlainProblem(res, {
      status: 413,
      title: "Content Too Large",
      detail: "The body may hold at most 64 KiB.",
      code: "validation_failed",
      instance: req.path,
    });
    return;
  }
  sendPlainPage(res, {
    status: 413,
    title: "That is more than we can take",
    text: "A form may hold at most 64 KiB. Go back, shorten the longest text and send it again.",
  });
}
