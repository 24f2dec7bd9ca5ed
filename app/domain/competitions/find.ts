import { type Actor, judge, type OwnersAction } from "~/domain/access";
import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import { type CompetitionView, findViews } from "./view";

/**
 * A competition that is not deleted, or null. An id that is not a UUID finds none.
 *
 * @param viewer who asks: only its organizer finds a draft
 */
export async function findCompetition({
  id,
  viewer = null,
}: {
  id: string;
  viewer?: Actor | null;
}): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  const [view] = await findViews(database(), " and c.id = ?", [id]);
  if (view?.status !== "draft") return view ?? null;
  const asked = { action: "read draft", resource: { ownerId: view.createdById } } as const;
  return viewer && judge({ actor: viewer, ...asked }) === "granted" ? view : null;
}

/** Whether a competition was published, and its organizer has deleted it. */
export async function isDeleted(id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows: unknown[] = await database().execute(
    "select 1 from competition where id = ? and deleted_at is not null and published_at is not null",
    [id],
  );
  return rows.length > 0;
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
  const competition = await findCompetition({ id, viewer: actor });
  const resource = competition && { ownerId: competition.createdById };
  return judge({ actor, action, resource }) === "granted" ? competition : null;
}
