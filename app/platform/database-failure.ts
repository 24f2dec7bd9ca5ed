import { DatabaseError } from "pg";
import { entities } from "../domain/tables";
import { describeError } from "./error-facts";
import { OwnError } from "./own-error";

/**
 * What code above the driver may know about an error of Postgres, or of the connection to it.
 *
 * MikroORM sends each statement with its values inside, and Postgres quotes them and whole rows in message,
 * detail, hint, context and internal query. None of those gets past here, only the SQLSTATE, names from the
 * catalogue, and the statement as verb and table. MikroORM's exceptions stand for this error, by its
 * SQLSTATE, and have its message.
 */
export class DatabaseFailure extends OwnError {
  override name = "DatabaseFailure";
  declare readonly code?: string;
  declare readonly constraint?: string;
  declare readonly schema?: string;
  declare readonly table?: string;
  declare readonly column?: string;
  /** Verb and table, or `connect`. */
  declare readonly statement: string;
}

/**
 * What the driver threw at a statement, without any of the statement's values.
 *
 * @param sql only to name the statement by
 */
export function statementFailure(error: unknown, sql: string): DatabaseFailure {
  const statement = nameStatement(sql);
  if (error instanceof DatabaseError) return refusal(error, statement);
  // The client's own words for a lost connection, by which `troubleOf` knows them, quote nothing.
  const { type, message = type, code } = describeError(error);
  return Object.assign(new DatabaseFailure(message), { statement, ...(code && { code }) });
}

/** What the driver threw while it connected. No statement was sent yet, so Node may speak freely. */
export function connectFailure(error: unknown): DatabaseFailure {
  const statement = "connect";
  if (error instanceof DatabaseError) return refusal(error, statement);
  const message = error instanceof Error ? error.message || error.name : typeof error;
  const { code = undefined } = describeError(error);
  return Object.assign(new DatabaseFailure(message), { statement, ...(code && { code }) });
}

function refusal(error: DatabaseError, statement: string): DatabaseFailure {
  const { code = "XX000", constraint, schema, table, column } = error;
  const where = constraint ?? column;
  const condition = CONDITIONS[code] ? ` ${CONDITIONS[code]}` : "";
  const message = `${statement}: ${code}${condition}${where ? ` (${where})` : ""}`;
  const facts = Object.entries({ code, constraint, schema, table, column, statement });
  const known = facts.filter(([, value]) => value !== undefined);
  return Object.assign(new DatabaseFailure(message), Object.fromEntries(known));
}

/** How PostgreSQL's documentation (appendix A) names what an operator may meet. */
const CONDITIONS: Record<string, string> = {
  "08006": "connection_failure",
  "0A000": "feature_not_supported",
  "22001": "string_data_right_truncation",
  "22003": "numeric_value_out_of_range",
  "22008": "datetime_field_overflow",
  "22012": "division_by_zero",
  "22021": "character_not_in_repertoire",
  "22P02": "invalid_text_representation",
  "23502": "not_null_violation",
  "23503": "foreign_key_violation",
  "23505": "unique_violation",
  "23514": "check_violation",
  "25006": "read_only_sql_transaction",
  "25P02": "in_failed_sql_transaction",
  "25P03": "idle_in_transaction_session_timeout",
  "28000": "invalid_authorization_specification",
  "28P01": "invalid_password",
  "3D000": "invalid_catalog_name",
  "40001": "serialization_failure",
  "40P01": "deadlock_detected",
  "42501": "insufficient_privilege",
  "42601": "syntax_error",
  "42703": "undefined_column",
  "42P01": "undefined_table",
  "53100": "disk_full",
  "53200": "out_of_memory",
  "53300": "too_many_connections",
  "55P03": "lock_not_available",
  "57014": "query_canceled",
  "57P01": "admin_shutdown",
  "57P02": "crash_shutdown",
  "57P03": "cannot_connect_now",
  P0001: "raise_exception",
};

const TABLES = new Set([...entities.map(({ meta }) => meta.tableName), "mikro_orm_migrations"]);
const VERB =
  /^\s*(select|insert|update|delete|with|begin|start|commit|rollback|savepoint|release)\b/i;
const WRITTEN = /\b(insert into|update|delete from)\s+"?(\w+)"?/gi;
const READ = /\b(from)\s+"?(\w+)"?/gi;

/** Verb and table. The text holds values, so only a table that we know is named. */
function nameStatement(sql: string): string {
  const verb = VERB.exec(sql)?.[1]?.toLowerCase() ?? "statement";
  const written = findTable(sql, WRITTEN);
  if (written && verb !== "select") return `${written.how} ${written.table}`;
  const read = findTable(sql, READ);
  return read ? `select from ${read.table}` : verb;
}

/** The tables of ours that a statement writes, or would have written. */
export function tablesWritten(sql: string): string[] {
  return [...sql.matchAll(WRITTEN)]
    .map(([, , table = ""]) => table)
    .filter((one) => TABLES.has(one));
}

function findTable(sql: string, pattern: RegExp): { how: string; table: string } | undefined {
  for (const [, how = "", table = ""] of sql.matchAll(pattern)) {
    if (TABLES.has(table)) return { how: how.toLowerCase(), table };
  }
  return undefined;
}
