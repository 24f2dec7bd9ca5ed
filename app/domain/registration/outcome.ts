import type { RegistrantView, RegistrationBody } from "./registration-body";
import type { Idempotency } from "./seats";

export type RegisterResult =
  | { status: "registered"; replayed: boolean; body: RegistrationBody }
  | { status: "full" | "already_registered" | "deadline_passed" | "not_found" | "key_reused" }
  | { status: "in_progress" | "unavailable"; retryAfterSeconds: number };

/** One request's attempt: the same id through all its tries, so that none of them counts twice. */
export interface Attempt {
  registrationId: string;
  user: RegistrantView;
  competitionId: string;
  idempotency?: Idempotency;
}

/** A registration that holds a seat in Redis and wants to be committed. */
export interface HeldRegistration extends Attempt {
  seatNo: number;
  reservedAt: Date;
  /** In which Redis gave the hold; none for a seat that Postgres gave. */
  epoch?: number;
}

/**
 * Why another try with the same registration id is worth it; after a commit that nobody answered,
 * how to find out what became of it, before anything else may be said.
 */
export type Again = "lost the seat" | "rolled back" | (() => Promise<RegisterResult | Again>);
