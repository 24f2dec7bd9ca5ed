import { createHash } from "node:crypto";
import { CompiledQuery } from "kysely";

/** A query that each connection prepares once: Postgres neither parses nor plans it again. */
export interface PreparedQuery extends CompiledQuery {
  name: string;
}

const prepared = new Map<string, { sql: string; name: string }>();

/** A value of a prepared statement: as text, or in Postgres' binary format. */
export type Parameter = string | Buffer;

/** @param text with `?` for each parameter; one text for any amount of data, so pass lists as one */
export function preparedQuery(text: string, parameters: Parameter[]): PreparedQuery {
  let known = prepared.get(text);
  if (!known) {
    let count = 0;
    const sql = text.replaceAll("?", () => `$${++count}`);
    // By its text: a new release behind PgBouncer must not meet an old one's statement.
    const name = createHash("sha256").update(sql).digest("base64url").slice(0, 22);
    known = { sql, name };
    prepared.set(text, known);
  }
  return { ...CompiledQuery.raw(known.sql, parameters), name: known.name };
}

/** A whole transaction that is sent at once, COMMIT included: it takes one round trip. */
export interface TransactionQuery extends CompiledQuery {
  statements: PreparedQuery[];
  /** Runs when the statements are answered, which takes a second trip; what it throws rolls back. */
  beforeCommit: (() => Promise<void>) | undefined;
}

export function transactionQuery({
  statements,
  beforeCommit,
}: Pick<TransactionQuery, "statements" | "beforeCommit">): TransactionQuery {
  return { ...CompiledQuery.raw("begin"), statements, beforeCommit };
}
