/** What an error of Postgres, or of the connection to it, means for a caller that may try again. */
export type PostgresTrouble =
  /** A lock, a time limit or a deadlock: rolled back, may well work next time. */
  | "busy"
  /** The server or the connection is away. */
  | "away"
  /** A unique, foreign key or check constraint refused the row. */
  | "constraint"
  | "other";

const BUSY = new Set(["55P03", "57014", "40P01", "40001", "25P03", "53300"]);

/** Classifies by SQLSTATE (PostgreSQL documentation, appendix A), never by an error's text alone. */
export function troubleOf(error: unknown): PostgresTrouble {
  const code = codeOf(error);
  if (code && BUSY.has(code)) return "busy";
  if (code?.startsWith("23")) return "constraint";
  if (code && /^(08|57P|58)/.test(code)) return "away";
  if (code && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)/.test(code)) {
    return "away";
  }
  if (code || !(error instanceof Error)) return "other";
  if (WITHOUT_CODE.test(error.message)) return "away";
  return error.cause ? troubleOf(error.cause) : "other";
}

/** What pg and its pool say, without a code, when a connection is lost or not to be had. */
const WITHOUT_CODE =
  /connection terminated|timeout exceeded|timeout expired|query read timeout|client was closed|not queryable|pool after calling end|driver has already been destroyed/i;

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "cause" in error ? codeOf(error.cause) : undefined;
}
