import { DomainError } from "~/domain/error";
import { type DatabaseOutage, outageOf } from "~/platform/postgres-error";
import { countedSeries } from "~/platform/series";

const answers = countedSeries({
  name: "unavailable_total",
  help: "Requests that were answered with 503, by reason",
  labelNames: ["reason"],
});

/** Why a request is answered with 503. */
const REASONS = [
  /** Too many ask at once: a queue is full, or took too long. */
  "overloaded",
  /** The same form was sent before, and is still being worked on. */
  "request_in_progress",
  /** A lock was not to be had in time, or Postgres ended a conflict. */
  "database_busy",
  "database_read_only",
  "database_full",
  "database_out_of_memory",
  "database_too_many_connections",
  "database_login_refused",
  "database_permission_denied",
  "database_starting",
  "database_silent",
  "database_away",
] as const satisfies (DatabaseOutage | string)[];

export type Reason = (typeof REASONS)[number];

// Known from the start: the first of a kind is an increase from nought, and not a new series.
const tallies = new Map(REASONS.map((reason) => [reason, answers({ reason })]));

/** Counts an answer of 503. */
export function countUnavailable(reason: Reason): void {
  const tally = tallies.get(reason);
  if (tally) tally.count++;
}

/** Why an outage (`isOutage`) is one. */
export function outageReason(error: unknown): Reason {
  if (error instanceof DomainError) return "overloaded";
  return outageOf(error) ?? "database_busy";
}
