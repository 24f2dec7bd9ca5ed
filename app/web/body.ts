import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Request, RequestHandler, Response } from "express";
import getRawBody from "raw-body";
import { refuse } from "./refusals";

/** The most a body may hold, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** How much more to read and throw away: otherwise the sender sees a reset instead of our answer. */
const DISCARD_LIMIT_BYTES = 1024 * 1024;

/** A body, or why there is none. `gone`: the client left in the middle. */
export type BodyRead =
  | { status: "read"; bytes: Buffer }
  | { status: "too_long" }
  | { status: "gone" };

/** Reads a body and counts what really arrives: a chunked one declares no length. */
export async function readBody(stream: Readable): Promise<BodyRead> {
  try {
    return { status: "read", bytes: await getRawBody(stream, { limit: BODY_LIMIT_BYTES }) };
  } catch (error) {
    if (!isTooLong(error)) return { status: "gone" };
    await discard(stream);
    return { status: "too_long" };
  }
}

/** Whether a request declares a body that is longer than the limit. */
export function declaresLongBody({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > BODY_LIMIT_BYTES;
}

/** Refuses a body whose declared length is over the limit with 413, before anything is parsed. */
export const refuseLongBody: RequestHandler = (req, res, next) => {
  if (!declaresLongBody(req)) return next();
  discard(req).then(() => refuseTooLong(req, res), next);
};

/** Reads a form's body into `res.locals.body`. Answers 413 past the limit. */
export const readFormBody: RequestHandler = (req, res, next) => {
  if (req.method === "GET" || req.method === "HEAD") return next();
  readBody(req).then((body) => {
    if (body.status === "too_long") return refuseTooLong(req, res);
    if (body.status === "gone") return;
    res.locals.body = body.bytes;
    next();
  }, next);
};

/** The bytes that `readFormBody` read. */
export function bodyOf(res: Response): Uint8Array<ArrayBuffer> | null {
  return Buffer.isBuffer(res.locals.body) ? new Uint8Array(res.locals.body) : null;
}

function discard(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    // The whole body may have arrived, and ended, in one piece.
    if (stream.readableEnded || stream.destroyed) return resolve();
    let length = 0;
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > DISCARD_LIMIT_BYTES) resolve();
    });
    for (const event of ["end", "error", "close"]) stream.once(event, resolve);
    stream.resume();
  });
}

function refuseTooLong(req: Request, res: Response): void {
  if (res.headersSent || res.destroyed) return;
  res.set("Connection", "close");
  refuse(req, res, {
    status: 413,
    code: "validation_failed",
    detail: "The body may hold at most 64 KiB.",
    page: {
      title: "That is too long",
      text: "A form may hold at most 64 KiB. Go back, shorten the longest text and send it again.",
    },
  });
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "entity.too.large";
}
