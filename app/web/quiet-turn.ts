import type { Server } from "node:net";

/** A turn of the event loop shorter than this had next to nothing to do. Milliseconds. */
const QUIET_MS = 0.3;
/** How long to wait for a quiet turn. Milliseconds. */
const PATIENCE_MS = 500;

/**
 * Resolves right after a short turn of the event loop in which nobody connected.
 *
 * Connections that the system has accepted wait until a turn takes them, one in each turn. Those that still
 * wait when the port closes are reset, perhaps with a request on its way. After a quiet turn none waits.
 */
export function quietTurn(servers: Server[]): Promise<void> {
  return new Promise((resolve) => {
    const giveUpAt = performance.now() + PATIENCE_MS;
    let begun = performance.now();
    // Connections from before count as made in the first turn.
    let somebodyCame = true;
    const note = () => {
      somebodyCame = true;
    };
    for (const server of servers) server.on("connection", note);
    const look = () => {
      const now = performance.now();
      const isQuiet = !somebodyCame && now - begun < QUIET_MS;
      if (!isQuiet && now < giveUpAt) {
        begun = now;
        somebodyCame = false;
        return void setImmediate(look);
      }
      for (const server of servers) server.off("connection", note);
      resolve();
    };
    setImmediate(look);
  });
}
