import type { Origin } from "~/platform/origin";
import type { CompetitionColumns } from "../competitions/columns.sql";
import type { Place } from "./line/place";

/**
 * The words for how a registration ends. The Lua scripts answer with them, the domain returns them,
 * the API sends them as `code`, and each page has a sentence for each.
 */
export type RegisterResult = Registered | Refusal;

export interface Registered {
  /** `waiting`: no seat, but a place in line. */
  status: "registered" | "waiting";
  /** The same request was answered before; this is the same answer. */
  replayed: boolean;
  body: RegistrationBody;
}

/** Why there is neither seat nor place. A request that gets one of these has changed nothing. */
export type Refusal =
  | Plain<
      | "competition_full"
      | "waitlist_full"
      | "already_registered"
      | "deadline_passed"
      | "competition_cancelled"
      | "not_found"
      | "idempotency_key_reused"
    >
  | NotOpenYet
  | ({ status: "already_waiting" } & Place)
  | { status: "request_in_progress" | "unavailable"; retryAfterSeconds: number };

/** Registration opens in `inMs`, by the clock that decided. Never stored under a key. */
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
  /** Whether a place in line will do. */
  wantsLine?: boolean;
  origin?: Origin | undefined;
}

/** An attempt that holds a seat, or a number in line, and is to be committed. */
export type HeldRegistration = Attempt & (HeldSeat | HeldPlace);

export interface HeldSeat extends Decided {
  seatNo: number;
  /**
   * The highest number in line when Redis gave the seat: nobody who waits with a number up to it may
   * be overtaken. Without it, nobody who waits may be.
   */
  issued?: number;
}

export interface HeldPlace extends Decided {
  seatNo: null;
  lineNo: number;
  /** How many are in line, this one included. */
  placeAtJoin: number;
}

interface Decided {
  reservedAt: Date;
  /** The epoch in which Redis decided; none where Postgres decided alone. */
  epoch?: number | undefined;
}

/**
 * Whether to try again with the same registration id. Yes, when the seat went to somebody else or the
 * transaction rolled back. Yes, when its COMMIT got no answer, but then `findOut` must run before the
 * request may be answered. No, when the transaction failed because of a bug.
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
  status: "CONFIRMED" | "WAITLISTED";
  /** Null for a place in line. */
  seatNo: number | null;
  registeredAt: string;
  waitlist?: { placeAtJoin: number };
  user: Registrant;
  competition: CompetitionColumns;
}

/** The part of an answer that is stored nowhere else, in the answer's order of properties. */
export function ownPart(held: HeldRegistration) {
  const { seatNo, reservedAt, user } = held;
  return {
    status: seatNo === null ? ("WAITLISTED" as const) : ("CONFIRMED" as const),
    seatNo,
    registeredAt: reservedAt.toISOString(),
    ...(held.seatNo === null && { waitlist: { placeAtJoin: held.placeAtJoin } }),
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

/** The result for a seat or a place; `replayed` where the same answer was given before. */
export function answered(body: RegistrationBody, { replayed = false } = {}): Registered {
  return { status: body.seatNo === null ? "waiting" : "registered", replayed, body };
}
