import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, type Router } from "express";

/**
 * The browser build, whose names change with their content, and the few other files of `public/`.
 *
 * @param root the folder that holds `public/`
 */
export function staticFiles(root: string): Router {
  const assets = join(root, "public/build");
  return express
    .Router()
    .use((_req, res, next) => {
      res.set("X-Content-Type-Options", "nosniff");
      next();
    })
    .use(
      "/build",
      preferBrotli(assets),
      express.static(assets, { immutable: true, maxAge: "1y", index: false, redirect: false }),
      // A file of an earlier build: a page in its place would be run as a script.
      (_req, res) => void res.status(404).type("text").send("Not found\n"),
    )
    .use(onlyNamesIn(join(root, "public"), { maxAge: "1h" }));
}

/** Looks on the disk for nothing but the files that were there at the start. */
function onlyNamesIn(folder: string, { maxAge }: { maxAge: string }): RequestHandler {
  const serve = express.static(folder, { maxAge, index: false, redirect: false });
  const paths = new Set(namesIn(folder).map((name) => `/${name}`));
  return (req, res, next) => (paths.has(req.path) ? serve(req, res, next) : next());
}

/** Serves the `.br` that the build put beside a file: nothing is left to compress per request. */
function preferBrotli(folder: string): RequestHandler {
  const names = namesIn(folder).filter((name) => name.endsWith(".br"));
  const compressed = new Set(names.map((name) => `/${name}`));
  return (req, res, next) => {
    const file = `${req.path}.br`;
    if (!compressed.has(file)) return next();
    res.vary("Accept-Encoding");
    if (req.acceptsEncodings("br")) {
      const type = req.path.split(".").at(-1) ?? "";
      res.type(type).set("Content-Encoding", "br");
      req.url = file;
    }
    next();
  };
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
}
