import { raw } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { Actor } from "~/domain/access";
import type { FieldError } from "~/domain/error";
import {
  addSeats,
  countSeatRows,
  promote,
  removeSeats,
  seeToLineAfterChange,
  syncAfterChange,
  whileFewChangeSeats,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import { noteChange } from "./change-notes";
import { type Asked, changeUnderLock, findRefusal, type NotAllowed } from "./change-own";
import {
  type CompetitionChanges,
  OPENS_AFTER_DEADLINE,
  OPENS_WITHOUT_DEADLINE,
  opensTooLate,
  START_BEFORE_DEADLINE,
  startsTooEarly,
  wrongEnd,
} from "./competitions.schema";
import { findCompetition } from "./find";
import { requireQuota } from "./quotas";
import { Competition } from "./tables";
import type { CompetitionView } from "./view";

/** What to change. Only a draft may be without a deadline (null). */
export type CompetitionEdits = Omit<CompetitionChanges, "regDeadline"> & {
  regDeadline?: Date | null | undefined;
};

export type EditOutcome =
  | { status: "saved"; competition: CompetitionView }
  | NotAllowed
  | { status: "edit_conflict" }
  | { status: "competition_cancelled" }
  | { status: "capacity_below_taken"; taken: number }
  | { status: "invalid"; fields: FieldError[] };

/**
 * Changes what is given and keeps the rest. Added seats go to those who wait before anybody else can have
 * them. Nobody can register during the change, so the number of seats taken stays the same while capacity
 * is compared with it. A deadline in the past closes registration.
 *
 * @param ifVersions what the actor saw: any other version is not changed but an `edit_conflict`
 * @throws DomainError `unavailable` when many seats come or go, and others are waiting to change many;
 *   `conflict` for more seats than the organizer's quota
 */
export async function editCompetition({
  actor,
  id: competitionId,
  changes,
  ifVersions,
}: {
  actor: Actor;
  id: string;
  changes: CompetitionEdits;
  ifVersions?: number[];
}): Promise<EditOutcome> {
  const asked = { actor, action: "edit competition", competitionId } as const;
  const refusal = await findRefusal(asked);
  if (refusal) return refusal;
  const seats = await seatsToChange({ competitionId, capacity: changes.capacity });
  const outcome = await whileFewChangeSeats({ seats, organizerId: actor.id }, async () => {
    const changed = await change(asked, changes, ifVersions);
    const { capacity, opensAt, regDeadline, waitlistLimit } = changes;
    const isForRedis = [capacity, opensAt, regDeadline, waitlistLimit].some(
      (value) => value !== undefined,
    );
    if (changed === "saved" && isForRedis) {
      await syncAfterChange(competitionId);
      // The transaction has promoted the first in line; this sees to the rest.
      await seeToLineAfterChange(competitionId);
    }
    return changed;
  });
  if (outcome !== "saved") return outcome;
  const competition = await findCompetition({ id: competitionId, viewer: actor });
  return competition ? { status: "saved", competition } : { status: "not_found" };
}

/** About how many seats come or go; the change itself counts them under the lock. */
async function seatsToChange({
  competitionId,
  capacity,
}: {
  competitionId: string;
  capacity?: number;
}): Promise<number> {
  if (capacity === undefined) return 0;
  const [row] = await database().execute<{ capacity: number }[]>(
    "select capacity from competition where id = ?",
    [competitionId],
  );
  return row ? Math.abs(capacity - row.capacity) : 0;
}

function change(
  asked: Asked,
  edits: CompetitionEdits,
  ifVersions: number[] | undefined,
): Promise<"saved" | Exclude<EditOutcome, { status: "saved" }>> {
  const { competitionId } = asked;
  return changeUnderLock(asked, async (em) => {
    const competition = await em.findOneOrFail(Competition, { id: competitionId });
    if (ifVersions && !ifVersions.includes(competition.version)) return { status: "edit_conflict" };
    if (competition.cancelledAt) return { status: "competition_cancelled" };
    if (edits.regDeadline === null && competition.publishedAt) {
      return { status: "invalid", fields: [{ field: "regDeadline", message: NO_DEADLINE }] };
    }
    const changes = withDeadline(edits, competition);
    const fields = disorder(changes, competition);
    if (fields.length > 0) return { status: "invalid", fields };

    const now = await clockOf(em);
    let added: number[] = [];
    const isDraft = !competition.publishedAt;
    if (!isDraft) await requireSeats(em, { competition, changes, now });
    // A draft gets its seats when it is published.
    if (changes.capacity !== undefined && !isDraft) {
      const { seats, taken } = await countSeatRows(em, competitionId);
      if (changes.capacity < taken) return { status: "capacity_below_taken", taken };
      added = await addSeats(em, { competitionId, seats: changes.capacity - seats });
      await removeSeats(em, { competitionId, seats: seats - changes.capacity });
    }

    await noteChange(em, { competitionId, changes });
    await em.nativeUpdate(
      Competition,
      { id: competitionId },
      // The statement's time, not the transaction's: this one may have waited for its lock.
      { ...given(changes), updatedAt: raw("clock_timestamp()") },
    );
    const opensAgain = changes.regDeadline !== undefined && competition.regDeadline <= now;
    if (opensAgain || added.length > 0) {
      await promote(em, { competitionId, seats: opensAgain ? null : added });
    }
    return "saved";
  });
}

/** The database's clock: this process' own may be hours off. */
async function clockOf(em: EntityManager): Promise<Date> {
  const [clock] = await em.execute<{ now: string }[]>("select clock_timestamp() as now");
  if (!clock) throw new OwnError("the database has no clock");
  return new Date(clock.now);
}

const NO_DEADLINE = "A published competition needs a registration deadline";

/** A draft without a deadline has the moment it was made as its deadline, which has passed. */
function withDeadline(edits: CompetitionEdits, { createdAt }: Competition): CompetitionChanges {
  const { regDeadline, ...rest } = edits;
  return { ...rest, regDeadline: regDeadline === null ? createdAt : regDeadline };
}

/** What is wrong with the order of the dates, including those that stay. */
function disorder(changes: CompetitionChanges, competition: Competition): FieldError[] {
  const {
    opensAt = competition.opensAt ?? null,
    regDeadline = competition.regDeadline,
    startDate = competition.startDate ?? null,
    endsAt = competition.endsAt ?? null,
    lateEntry = competition.lateEntry,
  } = changes;
  const isChanged = (field: keyof CompetitionChanges) => changes[field] !== undefined;
  const isUndated = !competition.publishedAt && regDeadline <= competition.createdAt;
  const fields: FieldError[] = [];
  if (opensTooLate(opensAt, regDeadline)) {
    const field = changes.opensAt ? "opensAt" : "regDeadline";
    fields.push({ field, message: isUndated ? OPENS_WITHOUT_DEADLINE : OPENS_AFTER_DEADLINE });
  }
  // A competition that already breaks a rule can still get a better title.
  const ordered = ["startDate", "regDeadline", "lateEntry"] as const;
  const isAsked = !isUndated && ordered.some(isChanged);
  if (isAsked && startsTooEarly({ startDate, regDeadline, lateEntry })) {
    const field = ordered.find((name) => changes[name]) ?? "lateEntry";
    fields.push({ field, message: START_BEFORE_DEADLINE });
  }
  const wrong = isChanged("startDate") || isChanged("endsAt") ? wrongEnd(startDate, endsAt) : null;
  if (wrong) fields.push({ field: changes.endsAt ? "endsAt" : "startDate", message: wrong });
  return fields;
}

/** Holds the organizer to their quota of seats in competitions to come, where the change adds seats. */
async function requireSeats(
  em: EntityManager,
  edit: { competition: Competition; changes: CompetitionChanges; now: Date },
): Promise<void> {
  const { competition, changes, now } = edit;
  const seats = changes.capacity ?? competition.capacity;
  const { startDate, regDeadline } = competition;
  const wasOver = Math.max(startDate?.getTime() ?? 0, regDeadline.getTime()) <= now.getTime();
  const movesDates = changes.regDeadline !== undefined || changes.startDate !== undefined;
  if (seats <= competition.capacity && !(wasOver && movesDates)) return;
  const asked = { organizerId: competition.createdBy.id, competitionId: competition.id };
  await requireQuota(em, { ...asked, seats, isNew: false });
}

/** Without the keys that a form or a caller left undefined: those fields keep their value. */
function given(changes: CompetitionChanges): CompetitionChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
