import { type Actor, judge, type OwnersAction } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { type CompetitionView, findViews } from "./view";

/** A competition that is not deleted, or null. An id that is not a UUID finds none. */
export async function findCompetition({ id }: { id: string }): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  const [view] = await findViews(database(), " and c.id = ?", [id]);
  return view ?? null;
}

/** The same, for an organizer who may do this to it: to anybody else it does not exist. */
export async function findOwnCompetition({
  actor,
  action,
  id,
}: {
  actor: Actor;
  action: OwnersAction;
  id: string;
}): Promise<CompetitionView | null> {
  const competition = await findCompetition({ id });
  const resource = competition && { ownerId: competition.createdById };
  return judge({ actor, action, resource }) === "granted" ? competition : null;
}
