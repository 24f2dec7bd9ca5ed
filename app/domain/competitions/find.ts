import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { type CompetitionView, findViews } from "./view";

/** A competition that is not deleted, or null. An id that is not a UUID finds none. */
export async function findCompetition({ id }: { id: string }): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  return findOne(" and c.id = ?", [id]);
}

/** The same, for its organizer only: to anybody else it does not exist. */
export async function findOwnCompetition({
  id,
  organizerId,
}: {
  id: string;
  organizerId: string;
}): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  return findOne(" and c.id = ? and c.created_by_id = ?", [id, organizerId]);
}

async function findOne(condition: string, parameters: string[]): Promise<CompetitionView | null> {
  const [view] = await findViews(database(), condition, parameters);
  return view ?? null;
}
