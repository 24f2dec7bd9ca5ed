import type { Actor } from "~/domain/access";
import { isRoleFor } from "~/domain/access";
import type { UndatedDraft } from "./competitions.schema";
import { createFrom } from "./create";
import { findOwnCompetition } from "./find";
import type { CompetitionView } from "./view";

/**
 * Makes a draft with a competition's texts and numbers, for its organizer to add dates. Afterwards the two
 * are independent: they share neither people nor dates, and changing one does not change the other.
 *
 * @returns the draft; its deadline is the moment it was made, so it needs another before it is published
 * @throws DomainError `rate_limited` beyond the organizer's quota of new competitions
 */
export async function cloneCompetition({
  actor,
  id,
}: {
  actor: Actor;
  id: string;
}): Promise<
  { status: "cloned"; competition: CompetitionView } | { status: "forbidden" | "not_found" }
> {
  const action = "clone competition";
  if (!isRoleFor({ actor, action })) return { status: "forbidden" };
  const original = await findOwnCompetition({ actor, action, id });
  if (!original) return { status: "not_found" };
  const competition = await createFrom({ actor, input: { ...copyOf(original), ...UNDATED } });
  return { status: "cloned", competition };
}

const UNDATED = {
  opensAt: null,
  regDeadline: null,
  startDate: null,
  endsAt: null,
  draft: true,
} as const;

/** What organizers write, except dates. */
function copyOf(original: CompetitionView): Omit<UndatedDraft, keyof typeof UNDATED> {
  const { title, description, tags, capacity, waitlistLimit } = original;
  const { timeZone, location, lateEntry } = original;
  return { title, description, tags, capacity, waitlistLimit, timeZone, location, lateEntry };
}
