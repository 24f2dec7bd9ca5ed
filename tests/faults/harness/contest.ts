import { randomUUID } from "node:crypto";
import type { Attempt, ClosedTime } from "./history";
import type { ToldPlace } from "./line";

/** Somebody who can call the API. */
export interface Caller {
  id: string;
  token: string;
}

/** A registration as its owner was told of it. */
export interface Told {
  id: string;
  /** Null for a place in line. */
  seatNo: number | null;
}

/** What one person did in one competition. */
export interface Part {
  caller: Caller;
  contest: Contest;
  attempts: Attempt[];
  /** The attempt that has no answer yet. */
  pending: Attempt | undefined;
  /** A cancellation was sent and not answered. */
  cancelling: boolean;
  /** What this person believes to have; "unnamed" where a seat was taken without a key. */
  holds: Told | "unnamed" | undefined;
  /** Places in line that they were told. */
  places: ToldPlace[];
  /** When they asked to cancel, or to leave the line. */
  leaves: number[];
  busy: boolean;
  /** What was asked and answered, one line each, to read when something is wrong. */
  story: string[];
}

/** One competition of a round. */
export interface Contest {
  id: string;
  title: string;
  organizer: Caller;
  /** People wait for a seat where there is none. */
  hasLine: boolean;
  parts: Part[];
  closed: ClosedTime[];
  deadlineMoved: boolean;
  openingMoved: boolean;
  deleted: boolean;
}

const DAY_MS = 24 * 3_600_000;

/** A moment some days from now, as the API takes it. */
export function deadline(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

/** A person who has not asked for anything yet. */
export function newPart(caller: Caller, contest: Contest): Part {
  return {
    caller,
    contest,
    attempts: [],
    pending: undefined,
    cancelling: false,
    holds: undefined,
    places: [],
    leaves: [],
    busy: false,
    story: [],
  };
}

/** Who, where, and all that happened to them. */
export function tell({ caller, contest, story }: Part): string {
  return `${caller.id} in ${contest.id}\n    ${story.join("\n    ")}`;
}

/** A competition that nobody has asked for a seat in yet. */
export function newContest(organizer: Caller, title: string): Contest {
  return {
    id: randomUUID(),
    title,
    organizer,
    hasLine: false,
    parts: [],
    closed: [],
    deadlineMoved: false,
    openingMoved: false,
    deleted: false,
  };
}
