import { type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { env } from "./env";
import { describeError } from "./error-facts";
import { existing } from "./singleton";

/** How a line is made of what is logged. Errors are told by whitelist, whatever they are called. */
export const LINES = {
  base: { pid: process.pid, ...existing<object>("program") },
  timestamp: stdTimeFunctions.isoTime,
  redact: {
    paths: ["email", "password", "token", "*.email", "*.password", "*.token", "*.authorization"],
    censor: "[redacted]",
  },
  serializers: { err: describeError },
  formatters: { log: describeErrors, level: (level) => ({ level }) },
  hooks: {
    logMethod(args, method) {
      const [line, text]: unknown[] = args;
      // pino would make the text of a line that has none of the error's message.
      if (text === undefined && isAboutError(line)) return method.call(this, line, "error");
      return method.apply(this, args);
    },
  },
} satisfies LoggerOptions;

/**
 * The process' log: JSON lines on standard output.
 *
 * Personal data and secrets never go in; log ids. The redaction list is a safety net for that rule.
 */
export const log = pino({ level: env().LOG_LEVEL, ...LINES });

function isAboutError(line: unknown): line is object {
  return line instanceof Error || (typeof line === "object" && line !== null && "err" in line);
}

/** The errors that a line has beside `err`, which has its serializer. */
function describeErrors(line: Record<string, unknown>): Record<string, unknown> {
  let told = line;
  for (const [name, value] of Object.entries(line)) {
    if (name !== "err" && value instanceof Error) told = { ...told, [name]: describeError(value) };
  }
  return told;
}
