import { hash, randomUUID } from "node:crypto";
import { isDeepStrictEqual as isEqual } from "node:util";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
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
 * @param key tells one form of the actor's from another, for a form that may be sent twice: sent again with
 *   the same content, it creates nothing and returns the same competition
 * @throws DomainError `forbidden` for anybody but an organizer; `validation_failed` when its deadline
 *   is not ahead, by the database's clock; `unavailable` when it has many seats, and others are waiting
 *   to change many; `rate_limited` or `conflict` beyond a quota
 */
export async function createCompetition({
  actor,
  input,
  key,
}: {
  actor: Actor;
  input: CompetitionInput | UndatedDraft;
  key?: string | undefined;
}): Promise<CompetitionView> {
  requireRoleFor({ actor, action: "create competition" });
  if (!key) return createFrom({ actor, input });
  const id = idOf(actor, key);
  try {
    return await createFrom({ actor, input, id });
  } catch (error) {
    if (!isTakenId(error)) throw error;
    const there = await findCompetition({ id, viewer: actor });
    return there && isSame(there, { actor, input }) ? there : createFrom({ actor, input });
  }
}

/**
 * The id of what a form creates, however often it is sent: a UUID of a kind of our own (RFC 9562, version 8).
 * It is not the key itself, or somebody could choose the id of a deleted competition, to which links still lead.
 */
function idOf(actor: Actor, key: string): string {
  const digest = hash("sha256", `${actor.id} ${key}`);
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");
}

/** Whether it has the same content. Somebody who went back and changed the form means another competition. */
function isSame(
  there: CompetitionView,
  of: { actor: Actor; input: CompetitionInput | UndatedDraft },
): boolean {
  const { draft = false, regDeadline, ...fields } = of.input;
  const written = regDeadline ? { ...fields, regDeadline } : fields;
  const names = Object.keys(written) as (keyof typeof fields)[];
  return (
    there.createdById === of.actor.id &&
    (there.status === "draft") === draft &&
    names.every((name) => written[name] === undefined || isEqual(there[name], written[name]))
  );
}

function isTakenId(error: unknown): boolean {
  return (
    error instanceof UniqueConstraintViolationException &&
    error.message.includes("competition_pkey")
  );
}

/** The same, once the organizer has been judged. */
export async function createFrom({
  actor,
  input,
  id = randomUUID(),
}: {
  actor: Actor;
  input: CompetitionInput | UndatedDraft;
  id?: string;
}): Promise<CompetitionView> {
  const seats = input.draft ? 0 : input.capacity;
  await whileFewChangeSeats({ seats, organizerId: actor.id }, async () => {
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
      // A key whose value is undefined would be written as null.
      timeZone: input.timeZone ?? "UTC",
      lateEntry: input.lateEntry ?? false,
      // A draft without a deadline gets the moment it was made, which has passed.
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
