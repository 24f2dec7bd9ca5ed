import { OwnError } from "./own-error";

/** What an error of Postgres, or of the connection to it, means for a caller that may try again. */
export type PostgresTrouble =
  /** A lock, a time limit or a deadlock: rolled back, may well work next time. */
  | "busy"
  /** Postgres serves nobody like us at the moment; `outageOf` says why. */
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

/** Why the error is nobody's fault but the server's or its settings', or undefined when it is not. */
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
 * Whether it is an outage that the driver met, and so has told the log of, once for everybody.
 * Errors of other connections (Redis, SMTP) look like one, too.
 */
export function isToldOutage(error: unknown): boolean {
  return findValue(error, "statement") !== undefined && outageOf(error) !== undefined;
}

/**
 * Whether an error that COMMIT was answered with means that the transaction rolled back. Postgres says
 * these, and no pooler does, before the commit is written: a constraint or a trigger that waited for
 * the end, a conflict with others, no room, no memory, no writing. Or that it was never sent, since
 * the connection was known to be lost. Not so a connection that is lost or closed meanwhile (08, 57P),
 * 40003 or anything else: the commit may have been written before.
 */
export function isRefusedCommit(error: unknown): boolean {
  const code = findValue(error, "code");
  if (!code) return /not queryable/.test(messageOf(error));
  return /^(?:23|40)/.test(code) ? code !== "40003" : REFUSES_COMMIT.has(code);
}

/** A transaction whose COMMIT was sent, and neither done nor refused: it may or may not stand. */
export class UnknownCommit extends OwnError {
  override name = "UnknownCommit";

  constructor(cause: unknown) {
    super("the commit was not answered", { cause });
  }
}

/** By its name: the pool may have been made by the server's entry, which has a copy of the class. */
export function isUnknownCommit(error: unknown): boolean {
  return error instanceof Error && error.name === "UnknownCommit";
}

const REFUSES_COMMIT = new Set(["25006", "53100", "53200"]);

/** 53400: a query that needs more temporary space than it may have. */
const BUSY = new Set(["55P03", "57014", "40P01", "40001", "25P03", "53400"]);

/** By SQLSTATE, else by how it begins. */
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
/** What pg and its pool say, without a code, when a connection or an answer is not to be had. */
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
