import { Writable } from "node:stream";
import type {
  ActionFunctionArgs,
  AppLoadContext,
  EntryContext,
  LoaderFunctionArgs,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { hasFormErrors, withMarkedTitle } from "~/components/error-title";
import { PAGE_SCRIPTS } from "~/components/page-scripts";
import { RequestContextProvider } from "~/components/request-context";
import { log } from "~/platform/log";
import { isLoggedOutage } from "~/platform/postgres-error";
import { requireWebSettings } from "~/platform/web-settings";
import { countUnavailable, isOutage, OUTAGE_SECONDS, outageReason } from "~/web/index.server";

// For our own server, which must not load the domain a second time.
export { askApi } from "~/api/index.server";
export { defineProcessMetrics } from "~/platform/process-metrics";
export {
  askSeats,
  checkReadiness,
  closeResources,
  countUnavailable,
  findVisitor,
  spendOnPage,
} from "~/web/index.server";

// Whoever serves this build: server.ts, or Remix' own server.
requireWebSettings();

/** How long a page may take to render, in ms. Nothing is deferred, so this is only a last resort. */
const RENDER_TIMEOUT_MS = 5_000;

/**
 * Renders a page as a whole: no part of it is streamed later, so its status and headers are final
 * and it needs no script to become complete.
 */
export default function handleRequest(
  request: Request,
  decided: number,
  headers: Headers,
  remixContext: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  const status = decided === 500 && loadContext.outage ? 503 : decided;
  if (status === 503) headers.set("Retry-After", String(OUTAGE_SECONDS));
  return new Promise((resolve, reject) => {
    const { nonce, requestId, standIn } = loadContext;
    const { pipe, abort } = renderToPipeableStream(
      <RequestContextProvider
        value={{ nonce, requestId: standIn?.requestId ?? requestId, scripts: PAGE_SCRIPTS }}
      >
        <RemixServer context={remixContext} url={request.url} nonce={nonce} />
      </RequestContextProvider>,
      {
        nonce,
        onAllReady() {
          clearTimeout(timer);
          headers.set("Content-Type", "text/html; charset=utf-8");
          if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
          // Who is signed in, and in which zone.
          headers.append("Vary", "Cookie");
          const isRefused = hasFormErrors(remixContext.staticHandlerContext.actionData);
          const shown = isRefused ? markTitle : (body: Body) => body;
          pipe(collect((body) => resolve(new Response(shown(body), { headers, status }))));
        },
        onShellError: reject,
        onError: (error) => log.error({ err: error, requestId }, "render failed"),
      },
    );
    const timer = setTimeout(abort, RENDER_TIMEOUT_MS);
  });
}

type Body = Uint8Array<ArrayBuffer>;

function markTitle(body: Body): Body {
  return new TextEncoder().encode(withMarkedTitle(new TextDecoder().decode(body)));
}

/**
 * Hands on what was written, once all of it is there: in chunks it would pass several streams. Where a
 * letter of several bytes does not fit at the end of React's buffer, React 18 sends zeros in its place
 * before the letter (facebook/react#24985); nothing else in a page is a zero.
 */
function collect(done: (body: Body) => void): Writable {
  const chunks: Buffer[] = [];
  return new Writable({
    write(chunk: Buffer, _encoding, next) {
      chunks.push(chunk);
      next();
    },
    final(next) {
      const page = new Uint8Array(Buffer.concat(chunks));
      done(page.includes(0) ? page.filter((byte) => byte !== 0) : page);
      next();
    },
  });
}

/**
 * Logs what a loader or an action did not expect. Refusals and visitors who left are no errors. What
 * Remix passes on to be rendered no longer says why it failed: the request's context does.
 */
export function handleError(
  error: unknown,
  { request, context }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  const line = { err: error, requestId: context.requestId };
  if (isOutage(error)) {
    // A page has several loaders, and one answer.
    if (!context.outage) countUnavailable(outageReason(error));
    context.outage = outageReason(error);
    if (!isLoggedOutage(error)) log.warn(line, "postgres is busy");
  } else {
    log.error(line, "request failed");
  }
}
