/** The API's stable words for what can be refused (docs/api.md). */
export type ErrorCode =
  | "competition_full"
  | "already_registered"
  | "deadline_passed"
  | "not_found"
  | "forbidden"
  | "unauthorized"
  | "validation_failed"
  | "idempotency_key_reused"
  | "request_in_progress"
  | "rate_limited"
  | "conflict"
  | "unavailable";

export interface FieldError {
  field: string;
  message: string;
}

/** A refusal that crosses layers. Anything else that is thrown is a bug. */
export class DomainError extends Error {
  override name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: { fields?: FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(message);
  }
}
