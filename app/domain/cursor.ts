import { DomainError } from "~/domain/error";
import { isUuid } from "~/platform/ids";

/** The last row of a page, by which the next one begins: rows of one instant are told apart by id. */
export interface Place {
  /** An instant in ISO 8601. */
  at: string;
  id: string;
}

/** What a list hands out, for a caller to ask for the next page. */
export function writeCursor({ at, id }: Place): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

/** @throws DomainError `validation_failed` when the cursor did not come from a list */
export function readCursor(cursor: string): Place {
  const place = parse(cursor);
  if (place) return place;
  const message = "The cursor must be one that a list returned";
  throw new DomainError("validation_failed", message, { fields: [{ field: "cursor", message }] });
}

function parse(cursor: string): Place | null {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  return isInstant(at) && isUuid(id) ? { at, id } : null;
}

/** In exactly our own form: JavaScript accepts dates that Postgres does not. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
