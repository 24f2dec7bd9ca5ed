import { type ErrorRequestHandler, Router } from "express";
import { toUuid } from "~/platform/ids";
import { drawCover } from "./cover";
import { nameRoute } from "./request-metrics";

/** A cover never changes, so browsers need not ask again. */
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves `/covers/:id.svg`, a competition's picture. It is drawn from the id alone, so nothing is looked
 * up: every id has one, and it costs no more than a file.
 *
 * @param headers the headers of every file
 */
export function coverFiles(headers: Record<string, string>): Router {
  const covers = Router().get("/covers/:id.svg", (req, res, next) => {
    const id = toUuid(req.params.id);
    if (id === null) return next();
    nameRoute(res, "/covers/:id.svg");
    res
      .set({ ...headers, "Cache-Control": FOR_EVER })
      .type("svg")
      .send(drawCover(id));
  });
  return covers.use(leaveMalformed);
}

/** Leaves an address that cannot be decoded to `refuseMalformedUrl`, which logs it and sets headers. */
const leaveMalformed: ErrorRequestHandler = (error, _req, _res, next) =>
  next(error instanceof URIError ? undefined : error);
