import { type ErrorRequestHandler, Router } from "express";
import { isUuid } from "~/platform/ids";
import { drawCover } from "./cover";
import { nameRoute } from "./request-metrics";

/** A cover never changes; and the browser need not ask whether it did. */
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves `/covers/:id.svg`, a competition's picture. It is drawn from the id, so nothing is looked up:
 * there is one for every id, and it costs no more than a file.
 *
 * @param headers what it is sent with, as every file is
 */
export function coverFiles(headers: Record<string, string>): Router {
  const covers = Router().get("/covers/:id.svg", (req, res, next) => {
    const { id } = req.params;
    if (!isUuid(id)) return next();
    nameRoute(res, "/covers/:id.svg");
    res
      .set({ ...headers, "Cache-Control": FOR_EVER })
      .type("svg")
      .send(drawCover(id));
  });
  return covers.use(leaveMalformed);
}

/** An address that cannot be decoded is refused where all are judged: logged, and with their headers. */
const leaveMalformed: ErrorRequestHandler = (error, _req, _res, next) =>
  next(error instanceof URIError ? undefined : error);
