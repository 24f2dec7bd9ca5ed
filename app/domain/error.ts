import { OwnError } from "~/platform/own-error";

/** The API's stable words for what can be refused (docs/api.md). */
export type ErrorCode =
  | "competition_full"
  | "already_registered"
  | "already_waiting"
  | "waitlist_full"
  | "deadline_passed"
  | "competition_cancelled"
  | "not_open_yet"
  | "not_found"
  | "forbidden"
  | "unauthorized"
  | "validation_failed"
  | "idempotency_key_reused"
  | "request_in_progress"
  | "rate_limited"
  | "conflict"
  | "edit_conflict"
  | "unavailable";

export interface FieldError {
  field: string;
  message: string;
}

/** A refusal that crosses layers. Anything else that is thrown is a bug. */
export class DomainError extends OwnError {
  override name = "DomainError";
  readonly code: ErrorCode;
  readonly details: { fields?: FieldError[]; retryAfterSeconds?: number };

  constructor(code: ErrorCode, message: string, details: DomainError["details"] = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
