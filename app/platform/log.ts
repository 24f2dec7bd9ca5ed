import { type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { env } from "./env";
import { describeError } from "./error-facts";
import { existing } from "./singleton";
import { writeTogether } from "./written-together";

/** Names whose values no line shows, on their own or within objects. */
const SECRETS = ["email", "password", "token", "authorization"];
const CENSOR = "[redacted]";

/**
 * How a line is made from what is logged. Errors go in by whitelist, whatever their key is called.
 *
 * pino looks for secrets in the line itself. In objects of it we do: a pattern for those (`*.email`) would
 * make pino take each value apart, at three times the cost of the line.
 */
export const LINES = {
  base: { pid: process.pid, ...existing<object>("program") },
  timestamp: stdTimeFunctions.isoTime,
  redact: { paths: SECRETS, censor: CENSOR },
  serializers: { err: describeError },
  formatters: { log: tellSafely, level: (level) => ({ level }) },
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
 * Personal data and secrets never go in; log ids. `SECRETS` is a safety net for that rule.
 */
export const log = pino({ level: env().LOG_LEVEL, ...LINES }, writeTogether(pino.destination()));

function isAboutError(line: unknown): line is object {
  return line instanceof Error || (typeof line === "object" && line !== null && "err" in line);
}

/** A line without its objects' secrets, and with only the safe facts of errors; `err` has a serializer. */
function tellSafely(line: Record<string, unknown>): Record<string, unknown> {
  let told = line;
  for (const [name, value] of Object.entries(line)) {
    if (name === "err" || typeof value !== "object" || value === null) continue;
    const safe = value instanceof Error ? describeError(value) : withoutSecrets(value);
    if (safe !== value) told = { ...told, [name]: safe };
  }
  return told;
}

function withoutSecrets(value: object): object {
  const secrets = SECRETS.filter((name) => name in value);
  if (secrets.length === 0) return value;
  return { ...value, ...Object.fromEntries(secrets.map((name) => [name, CENSOR])) };
}
