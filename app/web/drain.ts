import cluster from "node:cluster";
import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { quietTurn } from "./quiet-turn";
import { requestIdOf, type Step } from "./request";

/** How long running requests may take to finish once nothing new is accepted, milliseconds. */
const DRAIN_MS = 10_000;
/** With this header a proxy says that it will try another process if this one refuses (deploy/nginx.conf). */
const ASKS_ANOTHER = "x-next-upstream";

/**
 * Ends the process without dropping anybody:
 *
 * 1. On SIGTERM it goes on answering for `DRAIN_DELAY_S`. `/readyz` says that it is draining, and each
 *    connection ends with its next answer, so that balancers open new ones to other processes. In the
 *    second half it refuses requests that a proxy can send to another process, so that the proxy stops
 *    coming before the port closes.
 * 2. It accepts nothing new, closes idle connections, lets running requests finish, and releases what it
 *    holds.
 *
 * SIGINT, from a person at a terminal, goes to step 2 at once. SIGHUP tells one of several processes
 * that another took its place behind the port: it accepts nothing new, and its connections have the
 * delay to end. Further signals change nothing.
 */
export function createDrain(closeResources: () => Promise<void>) {
  const running = new Set<ServerResponse>();
  let phase: "serving" | "replaced" | "draining" | "refusing" | "closing" = "serving";

  function forget(this: ServerResponse): void {
    running.delete(this);
  }

  const announce: Step = (req, res, next) => {
    if (phase === "serving") {
      running.add(res);
      res.on("close", forget);
      return next();
    }
    res.setHeader("Connection", "close");
    if (phase !== "refusing" || !req.headers[ASKS_ANOTHER]) return next();
    // Not 503, which a busy process answers, too: proxies must not turn away from that one.
    res.writeHead(502, {
      "Retry-After": "1",
      "Cache-Control": "no-store",
      "Content-Type": "text/plain; charset=utf-8",
      "X-Request-Id": requestIdOf(res),
    });
    res.end("This process is ending\n");
  };

  async function leave(servers: Server[], signal: Signal): Promise<void> {
    const halfMs = signal === "SIGINT" ? 0 : env().DRAIN_DELAY_S * 500;
    log.info({ signal }, "draining");
    for (const res of running) if (!res.headersSent) res.setHeader("Connection", "close");
    let closed: Promise<unknown> | undefined;
    if (signal === "SIGHUP") {
      phase = "replaced";
      closed = stopAccepting(servers);
      await wait(halfMs * 2);
    } else {
      phase = "draining";
      await wait(halfMs);
      phase = "refusing";
      await wait(halfMs);
      await quietTurn(servers);
      closed = stopAccepting(servers);
    }
    phase = "closing";
    await finish(servers, closed);
    await closeResources();
  }

  function onSignal(servers: Server[]): void {
    for (const signal of SIGNALS) {
      // To a process without a parent, SIGHUP says that the terminal is gone.
      if (signal === "SIGHUP" && !cluster.isWorker) continue;
      process.on(signal, () => {
        if (phase !== "serving") return;
        leave(servers, signal)
          .then(() => process.exit(0))
          .catch((error) => {
            log.error({ err: error }, "could not stop cleanly");
            process.exit(1);
          });
      });
    }
  }

  const isDraining = () => phase !== "serving" && phase !== "replaced";
  return { announce, onSignal, isDraining };
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/** Resolves when all connections have ended. */
function stopAccepting(servers: Server[]): Promise<unknown> {
  // An HTTP server's own close would close idle connections at the same moment.
  const close = (server: Server) =>
    new Promise<unknown>((resolve) => NetServer.prototype.close.call(server, resolve));
  return Promise.all(servers.map(close));
}

async function finish(servers: Server[], closed: Promise<unknown>): Promise<void> {
  const closeIdle = () => servers.forEach((server) => void server.closeIdleConnections());
  closeIdle();
  // A connection whose last request began before the signal only becomes idle later.
  const closingIdle = setInterval(closeIdle, 100);
  const closingAll = setTimeout(
    () => servers.forEach((server) => void server.closeAllConnections()),
    DRAIN_MS,
  );
  await closed;
  clearInterval(closingIdle);
  clearTimeout(closingAll);
}
