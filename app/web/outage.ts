import { DomainError } from "~/domain/error";
import { troubleOf } from "~/platform/postgres-error";

/** How long to stay away when the database is of no use, in seconds. */
export const OUTAGE_SECONDS = 3;

/** Whether what was thrown is about what we lean on, and not about us: worth another try soon. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === "unavailable";
  const trouble = troubleOf(error);
  return trouble === "away" || trouble === "busy";
}
