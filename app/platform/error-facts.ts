import { isOurs, OwnError } from "./own-error";

/** What may be told of an error: none of it is anything that a person sent. */
export interface ErrorFacts {
  type: string;
  message?: string;
  code?: string;
  status?: number;
  /** Of an error of Postgres, and the statement as verb and table. */
  constraint?: string;
  schema?: string;
  table?: string;
  column?: string;
  statement?: string;
  /** The name of the Redis command that failed. */
  command?: string;
  /** What a zod schema found, as `path: code`. */
  issues?: string[];
  stack?: string;
  cause?: ErrorFacts;
  errors?: ErrorFacts[];
}

/**
 * What logs, jobs and dead letters may hold of an error, by whitelist. Libraries quote what they were given:
 * Postgres a row, V8 the JSON it could not read, an SMTP server the address, ioredis the arguments of the
 * command. So the message is included only if we wrote it, or if it is known to quote nothing; other errors
 * are found by type, code and stack.
 */
export function describeError(error: unknown): ErrorFacts {
  try {
    return describe(error, DEEPEST_CAUSE);
  } catch {
    // A getter of a foreign error failed. Logging must not fail because of that.
    return { type: "Error" };
  }
}

/** The same in a few words, for log lines about frequent errors: `ReplyError READONLY`. */
export function reasonOf(error: unknown): string {
  const { type, message, code, command, issues } = describeError(error);
  if (message) return message;
  const words = [type, code, command && `at ${command}`, issues?.join(", ")];
  return words.filter(Boolean).join(" ");
}

/**
 * The error as a queue may keep it, which keeps message and stack: itself when it is ours, else one
 * of ours with `reasonOf` for a message.
 */
export function withoutValues(error: unknown): Error {
  if (error instanceof Error && isOurs(error)) return error;
  const ours = new OwnError(reasonOf(error));
  ours.stack = `${ours.name}: ${ours.message}\n${describeError(error).stack ?? ""}`;
  return ours;
}

const DEEPEST_CAUSE = 4;
const MOST_ERRORS = 5;

function describe(error: unknown, depth: number): ErrorFacts {
  // Anything can be thrown, and `typeof` is all that is safe to say about it.
  if (typeof error !== "object" || error === null) return { type: typeof error };
  const own = error instanceof Error && isOurs(error);
  const cause = read(error, "cause") ?? read(error, "lastNodeError");
  const errors = read(error, "errors");
  return withoutGaps({
    type: typeOf(error),
    message: own ? error.message : knownMessage(error),
    code: codeOf(error),
    status: numberOf(read(error, "status")),
    constraint: identifier(read(error, "constraint")),
    schema: identifier(read(error, "schema")),
    table: identifier(read(error, "table")),
    column: identifier(read(error, "column")),
    // Only `DatabaseFailure` has one, which makes it of words of its own.
    statement: own ? identifier(read(error, "statement")) : undefined,
    command: identifier(read(read(error, "command"), "name")),
    issues: issuesOf(error),
    stack: framesOf(error),
    cause: cause === undefined || depth === 0 ? undefined : describe(cause, depth - 1),
    errors:
      Array.isArray(errors) && depth > 0
        ? errors.slice(0, MOST_ERRORS).map((one) => describe(one, depth - 1))
        : undefined,
  });
}

function read(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined;
}

function typeOf(error: object): string {
  const name: unknown = error.constructor?.name;
  return typeof name === "string" && /^[A-Za-z_$][\w$]{0,60}$/.test(name) ? name : "Error";
}

/** Constants of Node and Postgres, the first word of Redis' replies, the words of our refusals. */
function codeOf(error: object): string | undefined {
  const code = read(error, "code");
  if (typeof code === "string" && /^(?:[A-Z][A-Z0-9_]{1,60}|[0-9A-Z]{5})$/.test(code)) return code;
  if (error instanceof Error && typeof code === "string" && isOurs(error)) return code;
  if (!(error instanceof Error) || error.name !== "ReplyError") return undefined;
  return /^[A-Z]{2,20}(?= |$)/.exec(error.message)?.[0];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Names from a catalogue, none of which a person's request makes. */
function identifier(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 80 ? value || undefined : undefined;
}

function issuesOf(error: object): string[] | undefined {
  const issues = read(error, "issues");
  if (!Array.isArray(issues)) return undefined;
  return issues.slice(0, 10).map((issue) => {
    const path = read(issue, "path");
    return `${Array.isArray(path) ? path.map(String).join(".") : ""}: ${String(read(issue, "code"))}`;
  });
}

/** What connections, pools and queues say, word for word; a part of a longer text is not enough. */
const QUOTES_NOTHING = [
  /^Connection terminated(?: unexpectedly| due to connection timeout)?$/,
  /^timeout exceeded when trying to connect$/,
  /^(?:Query read|Connection) timeout$/,
  /^(?:Client was closed|Client has encountered a connection error) and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
  /^driver has already been destroyed$/,
  /^Connection is closed\.$/,
  /^Command timed out$/,
  /^Socket timeout\. Expecting data, but didn't receive any in \d+ms\.$/,
  /^Stream isn't writeable and enableOfflineQueue options is false$/,
  /^Reached the max retries per request limit \(which is \d+\)\./,
  /^(?:None of startup nodes is available|Failed to refresh slots cache\.)$/,
  /^Missing (?:lock|key) for job [\w:-]{1,60}\. [\w:-]{1,60}$/,
];

function knownMessage(error: object): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (message.length < 200 && QUOTES_NOTHING.some((pattern) => pattern.test(message))) {
    return message;
  }
  return systemMessage(error);
}

/** What Node says of a system call, made again of its parts: `connect ECONNREFUSED 127.0.0.1:6379`. */
function systemMessage(error: Error): string | undefined {
  const { syscall, code, hostname, address, port } = error as NodeJS.ErrnoException & {
    hostname?: unknown;
    address?: unknown;
    port?: unknown;
  };
  if (typeof syscall !== "string" || typeof code !== "string") return undefined;
  const host = hostname ?? address;
  const where = typeof host === "string" ? ` ${host}${port === undefined ? "" : `:${port}`}` : "";
  return `${syscall} ${code}${where}`;
}

const MOST_FRAMES = 30;
const FRAME = /^ {4}at .{1,400}(?::\d+:\d+\)?|\((?:<anonymous>|native|index \d+)\))$/;

/** The frames of a stack without the message before them, whose lines may look like frames. */
function framesOf(error: object): string | undefined {
  const { message, stack } = error as { message?: unknown; stack?: unknown };
  if (typeof stack !== "string") return undefined;
  const at = typeof message === "string" ? stack.indexOf(message) : -1;
  const lines = (at < 0 ? stack : stack.slice(at + String(message).length)).split("\n");
  // Without the message, whatever stands before the last line that is no frame may be a part of it.
  const from = at < 0 ? lines.findLastIndex((line) => line !== "" && !FRAME.test(line)) + 1 : 1;
  const frames = lines.slice(from).filter((line) => FRAME.test(line));
  return frames.slice(0, MOST_FRAMES).join("\n") || undefined;
}

function withoutGaps<T extends object>(facts: T): T {
  for (const name of Object.keys(facts) as (keyof T)[]) {
    if (facts[name] === undefined) delete facts[name];
  }
  return facts;
}
