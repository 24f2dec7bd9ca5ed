import { OwnError } from "./own-error";

/** What an error of Postgres, or of the connection to it, means for a caller that may try again. */
export type PostgresTrouble =
  /** A lock, a time limit or a deadlock: rolled back, and may well work next time. */
  | "busy"
  /** Postgres does not serve us at the moment; `outageOf` says why. */
  | "away"
  /** A unique, foreign key or check constraint refused the row. */
  | "constraint"
  | "other";

/** Why Postgres does not serve us, in the words of logs, `/readyz` and documents. */
export type DatabaseOutage =
  | "database_read_only"
  | "database_full"
  | "database_out_of_memory"
  | "database_too_many_connections"
  | "database_login_refused"
  | "database_permission_denied"
  | "database_starting"
  /** It took longer than we wait: for a connection, or for an answer. */
  | "database_silent"
  | "database_away";

/** Classifies by SQLSTATE (PostgreSQL documentation, appendix A), never by an error's text alone. */
export function troubleOf(error: unknown): PostgresTrouble {
  const code = findValue(error, "code");
  if (code && BUSY.has(code)) return "busy";
  if (code?.startsWith("23")) return "constraint";
  return outageOf(error) ? "away" : "other";
}

/** Why Postgres does not serve us, where that is the server's or its settings' fault; else undefined. */
export function outageOf(error: unknown): DatabaseOutage | undefined {
  const code = findValue(error, "code");
  const known = code && [code, code.slice(0, 3), code.slice(0, 2)].find((one) => one in OUTAGES);
  if (known) return OUTAGES[known];
  if (code && NETWORK.test(code)) return code === "ETIMEDOUT" ? "database_silent" : "database_away";
  const text = code ? "" : messageOf(error);
  if (TOOK_TOO_LONG.test(text)) return "database_silent";
  if (WITHOUT_CODE.test(text)) return "database_away";
  // No statement was sent yet: a client's request cannot be what the server, or TLS, objects to.
  if (findValue(error, "statement") !== "connect") return undefined;
  return code && SQLSTATE.test(code) ? "database_login_refused" : "database_away";
}

/**
 * Whether it is an outage that the driver met, and has therefore logged, once for everybody. Errors of
 * other connections (Redis, SMTP) look like outages, too, but nobody has logged them.
 */
export function isLoggedOutage(error: unknown): boolean {
  return findValue(error, "statement") !== undefined && outageOf(error) !== undefined;
}

/**
 * Whether an error at COMMIT means that the transaction rolled back. It does where Postgres itself, and no
 * pooler, answers before the commit is written: a deferred constraint or trigger, a conflict with others, no
 * room, no memory, read-only. It also does where COMMIT was never sent, since the connection was known to be
 * lost. It does not where a connection is lost or closed meanwhile (08, 57P), for 40003, or for anything
 * else: the commit may have been written before.
 */
export function isRefusedCommit(error: unknown): boolean {
  const code = findValue(error, "code");
  if (!code) return /not queryable/.test(messageOf(error));
  return /^(?:23|40)/.test(code) ? code !== "40003" : REFUSES_COMMIT.has(code);
}

/** A transaction whose COMMIT was neither confirmed nor refused: it may or may not stand. */
export class UnknownCommit extends OwnError {
  override name = "UnknownCommit";

  constructor(cause: unknown) {
    super("the commit was not answered", { cause });
  }
}

/** Known by name: the pool may have been made by the server's entry, which has its own copy of the class. */
export function isUnknownCommit(error: unknown): boolean {
  return error instanceof Error && error.name === "UnknownCommit";
}

const REFUSES_COMMIT = new Set(["25006", "53100", "53200"]);

/** 53400: a query that needs more temporary space than it may have. */
const BUSY = new Set(["55P03", "57014", "40P01", "40001", "25P03", "53400"]);

/** By SQLSTATE, else by its first three or two characters. */
const OUTAGES: Record<string, DatabaseOutage> = {
  "25006": "database_read_only",
  "53100": "database_full",
  "53200": "database_out_of_memory",
  "53300": "database_too_many_connections",
  "28": "database_login_refused",
  "3D": "database_login_refused",
  "42501": "database_permission_denied",
  "57P03": "database_starting",
  "08": "database_away",
  "57P": "database_away",
  "58": "database_away",
};

const SQLSTATE = /^[0-9A-Z]{5}$/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)/;
/** What pg and its pool say, without a code, when there is no connection or no answer. */
const TOOK_TOO_LONG = /timeout exceeded|timeout expired|query read timeout|connection timeout/i;
const WITHOUT_CODE =
  /connection terminated|client was closed|not queryable|pool after calling end|driver has already been destroyed/i;

/** The property of the error, or of the first of its causes that has one. */
function findValue(error: unknown, name: "code" | "statement"): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  if (typeof value === "string") return value;
  return "cause" in error ? findValue(error.cause, name) : undefined;
}

/** What the error and its causes say. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return error.cause ? `${error.message}\n${messageOf(error.cause)}` : error.message;
}
