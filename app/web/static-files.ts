import { existsSync, type ReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { type RequestHandler, Router } from "express";
import sirv, { type Options } from "sirv";
import { nameRoute, noteBytesBefore } from "./request-metrics";
import { keepNothing } from "./security-headers";

const YEAR_SECONDS = 365 * 24 * 3600;
const HOUR_SECONDS = 3600;
/** What all of them are in the metrics. */
const FILE = "file";

/**
 * Serves the browser build, whose names change with their content, and the few other files of
 * `public/`. Only files that were there at the start are found, never one whose name starts with a
 * dot.
 *
 * @param root the folder that holds `public/`
 * @param headers what every file is sent with
 */
export function staticFiles(root: string, headers: Record<string, string>): Router {
  const build = join(root, "public/build");
  const assets = serve(build, { maxAge: YEAR_SECONDS, immutable: true });
  const others = serve(join(root, "public"), { maxAge: HOUR_SECONDS });
  const mayBeKept: RequestHandler = (req, res, next) => {
    nameRoute(res, FILE);
    noteBytesBefore(req, res);
    res.removeHeader("Cache-Control");
    res.set(headers);
    next();
  };
  const noFile: RequestHandler = (req, res, next) => {
    nameRoute(res, undefined);
    keepNothing(req, res, next);
  };
  return Router()
    .use(onlyReading, mayBeKept)
    .use("/build", assets, keepNothing, missing)
    .use(others, noFile);
}

/** Each file, or the `.br` that the build put beside it for browsers that take that. */
function serve(folder: string, options: Options): RequestHandler {
  if (!existsSync(folder)) return (_req, _res, next) => next();
  const setHeaders = (res: ServerResponse, path: string) => {
    const type = TEXTS[extname(path)];
    if (type) res.setHeader("Content-Type", `${type}; charset=utf-8`);
    res.once("pipe", (file: ReadStream) => endTogether(file, res));
  };
  return sirv(folder, { ...options, setHeaders, brotli: true, etag: true, extensions: [] });
}

/**
 * One that cannot be read any more, as while a build is replaced, ends its own answer; unheard, its error
 * would end the process. One that nobody waits for is closed.
 */
function endTogether(file: ReadStream, res: ServerResponse): void {
  file.on("error", () => res.destroy());
  res.once("close", () => file.destroy());
}

/** Files of text, whose encoding a browser would otherwise take from the page or guess. */
const TEXTS: Record<string, string> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

const onlyReading: RequestHandler = (req, _res, next) =>
  req.method === "GET" || req.method === "HEAD" ? next() : next("router");

/** A file of an earlier build: a page in its place would be run as a script. */
const missing: RequestHandler = (_req, res) =>
  void res.status(404).type("text").send("Not found\n");
