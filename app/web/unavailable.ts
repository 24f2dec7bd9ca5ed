import { DomainError } from "~/domain/error";
import { troubleOf } from "~/platform/postgres-error";
import { countedSeries } from "~/platform/series";

const answers = countedSeries({
  name: "unavailable_total",
  help: "Requests that were answered with 503, by reason",
  labelNames: ["reason"],
});

/** Why a request is answered with 503. */
const tallies = {
  /** Too many ask at once: a queue is full, or took too long. */
  overloaded: answers({ reason: "overloaded" }),
  /** The same form was sent before, and is still being worked on. */
  request_in_progress: answers({ reason: "request_in_progress" }),
  /** Postgres cannot be reached. */
  database_away: answers({ reason: "database_away" }),
  /** Postgres took too long, or has no connection left. */
  database_busy: answers({ reason: "database_busy" }),
};

type Reason = keyof typeof tallies;

/** Counts an answer of 503. */
export function countUnavailable(reason: Reason): void {
  tallies[reason].count++;
}

/** Why an outage (`isOutage`) is one. */
export function outageReason(error: unknown): Reason {
  if (error instanceof DomainError) return "overloaded";
  return troubleOf(error) === "away" ? "database_away" : "database_busy";
}
