import type { Server } from "node:http";
import type { RequestHandler } from "express";
import { log } from "~/platform/log";

/** How long running requests may take to finish once the process is told to stop, in ms. */
const DRAIN_MS = 10_000;

/**
 * Stops servers without dropping anybody: accepts nothing new, lets what runs finish, then gives
 * back what the process held.
 */
export function createDrain(closeResources: () => Promise<void>) {
  let draining = false;

  const announce: RequestHandler = (_req, res, next) => {
    // A kept-alive connection would go on bringing requests to a process that is leaving.
    if (draining) res.set("Connection", "close");
    next();
  };

  function onSignal(servers: Server[]): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (draining) return;
        draining = true;
        log.info({ signal }, "draining");
        Promise.all(servers.map(stop))
          .then(closeResources)
          .then(() => process.exit(0))
          .catch((error) => {
            log.error({ err: error }, "could not stop cleanly");
            process.exit(1);
          });
      });
    }
  }

  return { announce, onSignal, isDraining: () => draining };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose last request began before the signal only becomes idle later.
    const closingIdle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(closingIdle);
      resolve();
    });
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  });
}
