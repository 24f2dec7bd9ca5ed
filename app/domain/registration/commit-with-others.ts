import { inBatches } from "~/platform/batch";
import { log } from "~/platform/log";
import { namedIn } from "~/platform/origin";
import { isToldOutage, isUnknownCommit, troubleOf } from "~/platform/postgres-error";
import { traced, tracedTogether } from "~/platform/trace";
import { type Committed, commitTogether } from "./commit";
import { commitLocking } from "./commit-locking";
import type { HeldRegistration } from "./outcome";

/** Commits together with all of the moment; a moment later where somebody is changing the competition. */
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
    // After a constraint the next try finds out who has the seat; other troubles may pass.
    const line = { err: error, competitionId: held.competitionId, ...namedIn(held.origin) };
    if (!isToldOutage(error)) log.warn(line, "registration rolled back");
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
 * Whoever finds the competition locked waits with the others who do, behind one transaction. They also give up
 * together: each by themselves would wait no shorter, and all of them for every connection that there is.
 */
const commitWithLock = inBatches<HeldRegistration, Committed>({
  ...BATCHES,
  keyOf: ({ competitionId }) => competitionId,
  blame: (error) => (troubleOf(error) === "busy" ? "batch" : BATCHES.blame(error)),
  run: commitLocking,
});
