import { log } from "./log";

/**
 * Ends the process at an uncaught error, with a log line that has only its safe facts: Node's own report
 * prints the message, and every property, of whatever was thrown.
 *
 * Called when the process begins to serve. Earlier failures are for the person who starts it, and nobody
 * has sent anything yet.
 */
export function endAtUncaughtErrors(): void {
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "an error that nobody caught");
    process.exit(1);
  });
}
