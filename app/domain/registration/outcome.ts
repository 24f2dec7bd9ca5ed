import type { Origin } from "~/platform/origin";
import type { CompetitionColumns } from "../competitions/tables";

/**
 * The words for how a registration ends. The Lua scripts answer with them, the domain returns them,
 * the API sends them as `code`, and each page has a sentence for each.
 */
export type RegisterResult = Registered | Refusal;

export interface Registered {
  status: "registered";
  /** The same request was answered before; this is the same answer. */
  replayed: boolean;
  body: RegistrationBody;
}

/** Why there is no seat. Nothing was changed by a request that hears one of these. */
export type Refusal =
  | Plain<
      | "competition_full"
      | "already_registered"
      | "deadline_passed"
      | "not_found"
      | "idempotency_key_reused"
    >
  | NotOpenYet
  | { status: "request_in_progress" | "unavailable"; retryAfterSeconds: number };

/** Registration opens in so many ms, by the clock that decided. It stands under no key. */
export type NotOpenYet = { status: "not_open_yet"; opensAt: Date; inMs: number };

/** An outcome that is nothing but its word, one type for each word. */
export type Plain<Status extends string> = Status extends unknown ? { status: Status } : never;

export const UNAVAILABLE = { status: "unavailable", retryAfterSeconds: 1 } as const;

/** An idempotency key and the digest of the request that came with it. */
export interface Idempotency {
  key: string;
  fingerprint: string;
}

/** Who registers. */
export interface Registrant {
  id: string;
  email: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

/** One request, with the same registration id through all its tries, so that it counts once. */
export interface Attempt {
  registrationId: string;
  user: Registrant;
  competitionId: string;
  idempotency?: Idempotency;
  origin?: Origin | undefined;
}

/** An attempt that holds a seat and is to be committed. */
export interface HeldRegistration extends Attempt {
  seatNo: number;
  reservedAt: Date;
  /** The epoch in which Redis gave the hold; none for a seat that Postgres gave. */
  epoch?: number;
}

/**
 * Why it makes sense to try again with the same registration id: the seat went to somebody else,
 * the transaction rolled back, or its COMMIT got no answer. After that, `findOut` must be run
 * before anything else may be said. Or why it makes none: the transaction failed by a bug.
 */
export type TryAgain =
  | { again: "seat_lost" | "rolled_back" }
  | { again: "commit_unknown"; findOut: () => Promise<RegisterResult | TryAgain> }
  | { again: "never"; because: unknown };

/** The answer to a successful registration. */
export interface RegistrationBody {
  id: string;
  userId: string;
  competitionId: string;
  seatNo: number;
  registeredAt: string;
  user: Registrant;
  competition: CompetitionColumns;
}

/** What of an answer stands nowhere but in the answer, in the order it has there. */
export function ownPart({ seatNo, reservedAt, user }: HeldRegistration) {
  return {
    seatNo,
    registeredAt: reservedAt.toISOString(),
    user: { id: user.id, email: user.email, name: user.name, role: user.role },
  };
}

/** Builds the answer. It is stored under the idempotency key, so a repeat gets the same bytes. */
export function registrationBody(
  held: HeldRegistration,
  competition: CompetitionColumns,
): RegistrationBody {
  return {
    id: held.registrationId,
    userId: held.user.id,
    competitionId: competition.id,
    ...ownPart(held),
    competition,
  };
}

/** An answer that was given before. */
export function replayed(body: RegistrationBody): Registered {
  return { status: "registered", replayed: true, body };
}
