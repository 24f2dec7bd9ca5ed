import { DomainError } from "~/domain/error";
import { isUuid } from "~/platform/ids";

/** The last row of a page, by which the next one begins: rows of one instant are told apart by id. */
export interface Position {
  /** An instant in ISO 8601. */
  at: string;
  id: string;
}

/** What a list hands out, for a caller to ask for the next page. */
export function writeCursor({ at, id }: Position): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

/** @throws DomainError `validation_failed` when the cursor did not come from a list */
export function readCursor(cursor: string): Position {
  const position = parse(cursor);
  if (position) return position;
  const message = "The cursor must be one that a list returned";
  throw new DomainError("validation_failed", message, { fields: [{ field: "cursor", message }] });
}

function parse(cursor: string): Position | null {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  return isInstant(at) && isUuid(id) ? { at, id } : null;
}

/** In exactly our own form: JavaScript accepts dates that Postgres does not. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
