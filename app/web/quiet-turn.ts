import type { Server } from "node:net";

/** A turn of the event loop that was shorter had next to nothing to do. Milliseconds. */
const QUIET_MS = 0.3;
/** A process that never has one is closed all the same. Milliseconds. */
const PATIENCE_MS = 500;

/**
 * Resolves right after a turn of the event loop in which nobody connected and that was short.
 *
 * Connections that the system has made wait until a turn takes them, one a turn. Those that still wait
 * when the port closes are reset, perhaps with a request on its way. After a quiet turn none waits.
 */
export function quietTurn(servers: Server[]): Promise<void> {
  return new Promise((resolve) => {
    const giveUpAt = performance.now() + PATIENCE_MS;
    let begun = performance.now();
    // Whatever came before counts as this one's.
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
