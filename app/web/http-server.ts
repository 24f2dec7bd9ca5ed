import { createServer, type RequestListener, type Server } from "node:http";

/** How often the server looks for clients that take too long. Milliseconds. */
const LOOKED_EVERY_MS = 5_000;

/**
 * A server that waits for no client for ever: ten seconds for the headers of a request, thirty for all of
 * it, and a minute for a client that stops reading its answer, which takes memory meanwhile.
 */
export function createHttpServer(listener: RequestListener, { silentMs = 60_000 } = {}): Server {
  const server = createServer({ connectionsCheckingInterval: LOOKED_EVERY_MS }, listener);
  // Longer than a balancer keeps its side open (60 s is usual), so that it never meets a closed one.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.timeout = silentMs;
  return server;
}
