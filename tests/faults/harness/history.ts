import type { Reply } from "./client";

/** What a registration's caller may believe after an answer. */
export type Verdict = Given | "full" | "already_registered" | "already_waiting" | Shut;
/** A seat, or a place in line. */
type Given = "registered" | "waiting";
type Shut = "early" | "closed" | "gone";

/** One sending of a request, and what came of it. Times in milliseconds of one monotonic clock. */
export interface Send {
  sentAt: number;
  heardAt: number;
  verdict: Verdict | "unknown";
  /** The body of a 201. */
  body: string;
  isReplay: boolean;
}

/** One wish to register, sent once or more often under one key (or without any). */
export interface Attempt {
  key: string | undefined;
  /** A place in line will do. */
  waitlist?: boolean;
  sends: Send[];
}

/** A time in which nobody may get a seat: from the closing's answer until it was asked to open. */
export interface ClosedTime {
  from: number;
  until: number;
}

/** What happened around an attempt that may excuse a changed mind. */
export interface Circumstances {
  /** Redis lost what it knew: who was told "full" under which key. */
  redisForgot: boolean;
  deadlineMoved: boolean;
  closed: readonly ClosedTime[];
}

const REFUSALS: Record<string, Verdict> = {
  competition_full: "full",
  waitlist_full: "full",
  already_waiting: "already_waiting",
  already_registered: "already_registered",
  deadline_passed: "closed",
  not_open_yet: "early",
  not_found: "gone",
};
/** How long a key that was told "full" is told nothing else, milliseconds. */
const FULL_REMEMBERED_MS = 60_000;
/** Answers after which the caller is to try again. */
const UNDECIDED = ["request_in_progress", "unavailable", "rate_limited"];

/** What an answer to a registration says; null for one that no caller should ever get. */
export function verdictOf(reply: Reply): Verdict | "unknown" | null {
  if (!reply.heard) return "unknown";
  if (reply.status === 201) return statusOf(reply.body) === "WAITLISTED" ? "waiting" : "registered";
  if (UNDECIDED.includes(reply.code)) return "unknown";
  return REFUSALS[reply.code] ?? null;
}

function statusOf(body: string): unknown {
  return (JSON.parse(body) as { status?: unknown }).status;
}

/** Whether an answer gives something, and so is the last one under its key. */
export function isGiven(verdict: Send["verdict"] | undefined): verdict is Given {
  return verdict === "registered" || verdict === "waiting";
}

/**
 * The attempt's answer, once it has one. A refusal counts only when it was asked for after every
 * unanswered sending was over: until then one of those may still get the seat. Without a key,
 * "closed" does not say whether an earlier sending got one. "Early" is no answer: one comes again.
 */
export function settled({ key, sends }: Attempt): Send | undefined {
  const undecided = sends.filter(({ verdict }) => verdict === "unknown");
  const doubtful = Math.max(...undecided.map(({ heardAt }) => heardAt));
  return (
    sends.find(({ verdict }) => isGiven(verdict)) ??
    sends.findLast(({ verdict, sentAt }) => {
      if (verdict === "closed" && key === undefined && undecided.length > 0) return false;
      return verdict !== "unknown" && verdict !== "early" && sentAt >= doubtful;
    })
  );
}

/**
 * Where the answers under one key contradict each other, or the rules.
 *
 * @returns a sentence each
 */
export function contradictions({ key, sends }: Attempt, around: Circumstances): string[] {
  const found: string[] = [];
  const seats = sends.filter(({ verdict }) => isGiven(verdict));
  const refusals = sends.filter(({ verdict }) => !isGiven(verdict) && verdict !== "unknown");
  const [first] = seats;
  if (first && key !== undefined) {
    // Without a key, each sending is a separate request.
    if (seats.some(({ body }) => body !== first.body)) {
      found.push(`one key got two registrations: ${seats.map(({ body }) => body).join(" / ")}`);
    }
    for (const refusal of refusals) {
      if (isExcused(refusal, first, around)) continue;
      found.push(`one key was told "${first.verdict}" and "${refusal.verdict}"`);
    }
  }
  const asked = Math.min(...sends.map(({ sentAt }) => sentAt));
  const late = seats.find(({ isReplay, heardAt }) =>
    around.closed.some(({ from, until }) => !isReplay && asked >= from && heardAt <= until),
  );
  if (late) found.push("a seat or a place was given after the closing was acknowledged");
  return found;
}

function isExcused(refusal: Send, seat: Send, around: Circumstances): boolean {
  // A client that was told "registered" is told nothing else under that key.
  if (refusal.sentAt > seat.heardAt) return false;
  if (refusal.verdict === "full") {
    return around.redisForgot || seat.sentAt - refusal.heardAt > FULL_REMEMBERED_MS;
  }
  return refusal.verdict === "early" || (refusal.verdict === "closed" && around.deadlineMoved);
}
