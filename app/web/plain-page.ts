import type { Response } from "express";
import { requestIdOf } from "./request-id";

/** A page that needs neither Remix nor a database, for what is refused before either is asked. */
export function sendPlainPage(
  res: Response,
  page: { status: number; title: string; text: string },
): void {
  const requestId = requestIdOf(res);
  res
    .status(page.status)
    .type("html")
    .set("Cache-Control", "no-store")
    .send(
      `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${page.title} · Mini Compete</title></head>
<body><main><h1>${page.title}</h1><p>${page.text}</p>
<p><a href="/">Go to the start page</a></p>
<p><small>Request ${requestId}</small></p></main></body>
</html>
`,
    );
}

/** A refusal in the API's form (RFC 9457), for what never reaches the API's own code. */
export function sendPlainProblem(
  res: Response,
  problem: { status: number; title: string; detail: string; code: string; instance: string },
): void {
  res
    .status(problem.status)
    .type("application/problem+json")
    .set("Cache-Control", "no-store")
    .send(
      JSON.stringify({
        type: "about:blank",
        ...problem,
        requestId: requestIdOf(res),
        errors: problem.status === 400 ? [{ field: "", message: problem.detail }] : undefined,
      }),
    );
}

/** Whether a path belongs to the JSON API, whose refusals are problem+json and not pages. */
export function isApiPath(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}
