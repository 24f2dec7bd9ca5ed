import { log } from "./log";

/**
 * Ends the process at an error that nobody caught, with a line that tells it by whitelist: Node's own
 * report prints the message, and every property, of whatever was thrown.
 *
 * Called when the process begins to serve. What fails before that is read by whoever starts it, and
 * nobody has sent anything yet.
 */
export function endAtUncaughtErrors(): void {
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "an error that nobody caught");
    process.exit(1);
  });
}
