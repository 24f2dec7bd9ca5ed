import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "./refusal.mjs";

/**
 * @typedef {object} Session
 * @property {(line: string) => void} log
 * @property {(stop: () => Promise<unknown>) => void} onStop what to undo; last in, first out
 * @property {() => void} checkpoint ends the work here when somebody has asked to stop
 * @property {Promise<void>} interrupted
 */

/** Thrown by `checkpoint`. */
class Interrupted extends Error {}

/**
 * Runs a command until its work ends, fails or is interrupted, then undoes what it started.
 * A refusal is printed as it is, anything else that went wrong with its stack.
 * @param {(session: Session) => Promise<unknown>} work
 * @param {object} [options]
 * @param {number} [options.interruptedCode] the exit code after a Ctrl-C
 * @param {(line: string) => void} [options.log]
 */
export async function runUntilInterrupt(work, { interruptedCode = 0, log = console.log } = {}) {
  const stops = /** @type {(() => Promise<unknown>)[]} */ ([]);
  let exitCode = 0;
  let isInterrupted = false;
  const interrupted = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      onInterrupt(() => {
        isInterrupted = true;
        log("\nStopping …");
        resolve();
      });
    })
  );
  const checkpoint = () => {
    if (isInterrupted) throw new Interrupted();
  };

  const working = work({ log, onStop: (stop) => stops.unshift(stop), checkpoint, interrupted });
  try {
    // A step under way may finish: what it starts must be known to be stopped.
    await Promise.race([working, interrupted.then(() => delay(6000))]);
  } catch (error) {
    if (!isInterrupted) {
      console.error(error instanceof Refusal ? `\n${error.message}\n` : error);
      exitCode = 1;
    }
  }
  for (const stop of stops) await stop().catch((error) => console.error(error));
  if (isInterrupted) log("Stopped.");
  process.exit(isInterrupted ? interruptedCode : process.exitCode || exitCode);
}

/**
 * npm passes on the Ctrl-C that the terminal has already sent, so signals that follow at once are
 * the same one; a later one means that somebody has lost patience.
 *
 * A signal to npm alone ends npm and its shell, and never arrives here: then our parent changes.
 * @param {() => void} begin
 */
function onInterrupt(begin) {
  let since = 0;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) process.emit("SIGTERM");
  }, 500);
  watch.unref();
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (since === 0) {
        since = Date.now();
        clearInterval(watch);
        begin();
      } else if (Date.now() - since > 1500) {
        console.error("Not waiting for the rest.");
        process.exit(130);
      }
    });
  }
}
