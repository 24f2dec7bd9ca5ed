import type { Person } from "../../../tests/support/fixtures.ts";
import type { Ending } from "../../trace.ts";

/** One way of giving away seats. */
export interface Side {
  name: string;
  /** Makes an open competition of this side's own kind and returns its id. */
  open: (competition: { capacity: number }) => Promise<string>;
  register: (request: SideRequest) => Promise<Answer>;
  /** How many registrations it has stored, to see whether that is more than it should. */
  countStored: (competitionId: string) => Promise<number>;
}

export interface SideRequest {
  user: Person;
  competitionId: string;
  key?: string;
}

/** What the person gets back. */
export interface Answer {
  ending: Ending;
  /** The same for the same registration, so that repeats can be compared. */
  registrationId?: string;
  /** Not an answer yet: ask again. */
  later?: boolean;
}
