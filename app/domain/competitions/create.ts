import { randomUUID } from "node:crypto";
import { type Actor, requireRoleFor } from "~/domain/access";
import { DomainError } from "~/domain/error";
import { addSeats, syncAfterChange, whileFewChangeSeats } from "~/domain/registration/index.server";
import { dropKept } from "~/platform/kept";
import { inTransaction } from "~/platform/orm";
import { OwnError } from "~/platform/own-error";
import type { CompetitionInput, UndatedDraft } from "./competitions.schema";
import { findCompetition } from "./find";
import { requireQuota } from "./quotas";
import { findFreeSlug, untilSlugIsFree } from "./slug";
import { Competition } from "./tables";
import type { CompetitionView } from "./view";

/**
 * Creates a competition with one row for each of its seats, and a line for as many people unless the
 * input says otherwise. A draft gets its seats when it is published.
 *
 * @throws DomainError `forbidden` for anybody but an organizer; `validation_failed` when its deadline
 *   is not ahead, by the database's clock; `unavailable` when it has many seats, and others are waiting
 *   to change many; `rate_limited` or `conflict` beyond a quota
 */
export async function createCompetition({
  actor,
  input,
}: {
  actor: Actor;
  input: CompetitionInput | UndatedDraft;
}): Promise<CompetitionView> {
  requireRoleFor({ actor, action: "create competition" });
  return createFrom({ actor, input });
}

/** The same for an organizer who was judged. */
export async function createFrom({
  actor,
  input,
}: {
  actor: Actor;
  input: CompetitionInput | UndatedDraft;
}): Promise<CompetitionView> {
  const id = randomUUID();
  const seats = input.draft ? 0 : input.capacity;
  await whileFewChangeSeats(seats, async () => {
    await untilSlugIsFree(() => write({ id, organizerId: actor.id, input, seats }));
    if (input.draft) return;
    dropKept();
    await syncAfterChange(id);
  });
  const competition = await findCompetition({ id, viewer: actor });
  if (!competition) throw new OwnError(`competition ${id} vanished after it was created`);
  return competition;
}

function write({
  id,
  organizerId,
  input,
  seats,
}: {
  id: string;
  organizerId: string;
  input: CompetitionInput | UndatedDraft;
  seats: number;
}): Promise<void> {
  const { draft = false, ...fields } = input;
  return inTransaction(async (em) => {
    const [clock]: { now: string }[] = await em.execute("select now()");
    const now = new Date(clock?.now ?? Date.now());
    const { regDeadline } = fields;
    if (regDeadline && regDeadline <= now) throw deadlinePassed();
    await requireQuota(em, { organizerId, competitionId: id, seats, isNew: true });
    await em.insert(Competition, {
      ...fields,
      // A field that is there without a value would be written as null.
      timeZone: input.timeZone ?? "UTC",
      lateEntry: input.lateEntry ?? false,
      // A draft may do without: its deadline is then when it was made, and so has passed.
      regDeadline: regDeadline ?? now,
      publishedAt: draft ? null : now,
      waitlistLimit: input.waitlistLimit ?? input.capacity,
      id,
      slug: await findFreeSlug(em, input.title),
      createdBy: organizerId,
      createdAt: now,
      updatedAt: now,
    });
    await addSeats(em, { competitionId: id, seats });
  });
}

/** The refusal of a deadline that is not ahead. */
export function deadlinePassed(): DomainError {
  const message = "The registration deadline must be in the future";
  return new DomainError("validation_failed", message, {
    fields: [{ field: "regDeadline", message }],
  });
}
