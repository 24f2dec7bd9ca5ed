import { inBatches } from "~/platform/batch";
import { log } from "~/platform/log";
import { namedIn } from "~/platform/origin";
import { isLoggedOutage, isUnknownCommit, troubleOf } from "~/platform/postgres-error";
import { traced, tracedTogether } from "~/platform/trace";
import { type Committed, commitTogether } from "./commit";
import { commitLocking } from "./commit-locking";
import type { HeldRegistration } from "./outcome";

/** Commits a registration in a batch; where somebody is changing the competition, once they are done. */
export const commitWithOthers = traced({ name: "commit registration" }, commit);

/** What became of a commit, where it is known. */
type Outcome =
  | Exclude<Committed, { status: "locked" }>
  | { status: "rolled_back" | "unknown" }
  /** A bug, and rolled back as well. */
  | { status: "failed"; error: unknown };

async function commit(held: HeldRegistration): Promise<Outcome> {
  try {
    const outcome = await commitInBatch(held);
    if (outcome.status !== "locked") return outcome;
    const later = await commitWithLock(held);
    return later.status === "locked" ? { status: "rolled_back" } : later;
  } catch (error) {
    if (isUnknownCommit(error)) return { status: "unknown" };
    if (troubleOf(error) === "other") return { status: "failed", error };
    // After a violated constraint the next try finds out who has the seat; other trouble may pass.
    const line = { err: error, competitionId: held.competitionId, ...namedIn(held.origin) };
    if (!isLoggedOutage(error)) log.warn(line, "registration rolled back");
    return { status: "rolled_back" };
  }
}

const BATCHES = {
  most: 64,
  inFlight: 2,
  blame(error: unknown) {
    if (isUnknownCommit(error)) return "batch";
    return troubleOf(error) === "away" ? "everyone" : "one";
  },
} as const;

const commitInBatch = inBatches({
  ...BATCHES,
  run: tracedTogether("commit batch", commitTogether),
});

/**
 * Registrations that find the competition locked wait for it together, in one transaction. They also give
 * up together: apart, each would wait just as long, and together they would take every connection.
 */
const commitWithLock = inBatches<HeldRegistration, Committed>({
  ...BATCHES,
  keyOf: ({ competitionId }) => competitionId,
  blame: (error) => (troubleOf(error) === "busy" ? "batch" : BATCHES.blame(error)),
  run: commitLocking,
});
