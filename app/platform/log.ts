import { pino } from "pino";
import { env } from "./env";

/**
 * The process' log: JSON lines on standard output.
 *
 * Personal data and secrets never go in; log ids. The redaction list is a safety net for that rule.
 */
export const log = pino({
  level: env().LOG_LEVEL,
  base: undefined,
  redact: {
    paths: ["email", "password", "token", "*.email", "*.password", "*.token", "*.authorization"],
    censor: "[redacted]",
  },
});
