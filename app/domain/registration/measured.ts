import { DomainError, type ErrorCode } from "~/domain/error";
import { troubleOf } from "~/platform/postgres-error";
import { countedSeries, type Tally, type Times, timedSeries } from "~/platform/series";
import type { RegisterResult } from "./outcome";
import { type RegisterInput, register as registerOnce } from "./register";
import { registerAndWait as registerAndWaitOnce } from "./register-and-wait";

const ended = countedSeries({
  name: "registrations_total",
  help: "Requests to register, by outcome",
  labelNames: ["outcome"],
});
const took = timedSeries({
  name: "registration_seconds",
  help: "Time that a request to register took in the domain, by outcome",
  labelNames: ["outcome"],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** `registered` is a new seat, `waiting` a new place in line; `replayed` an answer that was given before. */
type Outcome = RegisterResult["status"] | "replayed" | ErrorCode | "internal";

interface Series {
  tally: Tally;
  times: Times;
}

const series = new Map<Outcome, Series>();
// All exist from the start: the first of a kind then counts as an increase from zero, not as a new series.
for (const outcome of [
  ...([
    "registered",
    "waiting",
    "replayed",
    "competition_full",
    "waitlist_full",
    "already_registered",
    "already_waiting",
    "deadline_passed",
    "competition_cancelled",
    "not_open_yet",
  ] as const),
  ...(["not_found", "idempotency_key_reused", "request_in_progress", "unavailable"] as const),
  "internal" as const,
]) {
  seriesOf(outcome);
}

/** `register`, counted and timed. */
export const register = measured(registerOnce);
/** `registerAndWait`, counted and timed as one request, which it is for the person. */
export const registerAndWait = measured(registerAndWaitOnce);

function measured(verb: (input: RegisterInput) => Promise<RegisterResult>) {
  return async (input: RegisterInput): Promise<RegisterResult> => {
    const startedAt = performance.now();
    let outcome: Outcome = "internal";
    try {
      const result = await verb(input);
      outcome = "body" in result && result.replayed ? "replayed" : result.status;
      return result;
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      const { tally, times } = seriesOf(outcome);
      tally.count++;
      times.observe((performance.now() - startedAt) / 1_000);
    }
  };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof DomainError) return error.code;
  const trouble = troubleOf(error);
  return trouble === "away" || trouble === "busy" ? "unavailable" : "internal";
}

function seriesOf(outcome: Outcome): Series {
  const known = series.get(outcome) ?? { tally: ended({ outcome }), times: took({ outcome }) };
  series.set(outcome, known);
  return known;
}
