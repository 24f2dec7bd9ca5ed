import { DomainError, type ErrorCode, type FieldError } from "~/domain/error";
import { log } from "~/platform/log";
import { isLoggedOutage } from "~/platform/postgres-error";
import { isOutage, OUTAGE_SECONDS, type ProblemDetails } from "~/web/index.server";

/** Why a request is not answered with what it asked for. */
export interface Problem extends ProblemDetails {
  headers?: Record<string, string>;
}

const STATUS: Record<ErrorCode, number> = {
  validation_failed: 400,
  deadline_passed: 400,
  not_open_yet: 409,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  already_registered: 409,
  competition_cancelled: 409,
  already_waiting: 409,
  waitlist_full: 409,
  competition_full: 409,
  conflict: 409,
  edit_conflict: 409,
  request_in_progress: 409,
  idempotency_key_reused: 422,
  rate_limited: 429,
  unavailable: 503,
};

/** Refuses in the API's words; the status follows from the code. */
export function refuse(
  code: ErrorCode,
  detail: string,
  more: { errors?: FieldError[]; retryAfterSeconds?: number; members?: object } = {},
): Problem {
  const { errors, retryAfterSeconds, members } = more;
  const headers = retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : undefined;
  return { status: STATUS[code], code, detail, errors, headers, members };
}

/** Refuses what the client sent for the reason given for each field. */
export function refuseFields(errors: FieldError[]): Problem {
  return refuse("validation_failed", "The request is not valid; see errors.", { errors });
}

/** What was thrown, as a problem: all but a DomainError and an outage is a bug. */
export function problemOf(error: unknown, { requestId }: { requestId: string }): Problem {
  if (error instanceof DomainError) {
    const { fields, retryAfterSeconds } = error.details;
    return refuse(error.code, error.message, { errors: fields, retryAfterSeconds });
  }
  if (isOutage(error)) {
    if (!isLoggedOutage(error)) log.warn({ err: error, requestId }, "postgres is busy");
    return refuse("unavailable", "The service is overloaded or starting. Try again shortly.", {
      retryAfterSeconds: OUTAGE_SECONDS,
    });
  }
  log.error({ err: error, requestId }, "api request failed");
  const detail = "Something went wrong. Quote the request id when you report this.";
  return { status: 500, code: "internal", detail };
}
