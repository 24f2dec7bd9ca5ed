import type { EntityManager } from "@mikro-orm/postgresql";
import { type Actor, judge, type OwnersAction, type Verdict } from "~/domain/access";
import { lockCompetition } from "~/domain/registration/index.server";
import { isUuid } from "~/platform/ids";
import { dropKept } from "~/platform/kept";
import { database, inTransaction } from "~/platform/orm";

/** Why somebody may not change a competition. */
export type NotAllowed = { status: Exclude<Verdict, "granted"> };

/** Who wants to change which competition. */
export interface Asked {
  actor: Actor;
  action: OwnersAction;
  /** In lower case. */
  competitionId: string;
}

/**
 * Why somebody may not make a change, or null. Asked before waiting for anything: otherwise strangers'
 * requests would hold the competition's lock, or a place in a queue, while everybody else waits.
 */
export async function findRefusal(asked: Asked): Promise<NotAllowed | null> {
  if (!isUuid(asked.competitionId)) return { status: "not_found" };
  const verdict = await judgeNow(database(), asked);
  return verdict === "granted" ? null : { status: verdict };
}

/**
 * Changes a competition for its organizer, while nobody can register. The organizer is judged again under
 * the lock: they may have lost the role, or the competition, during the wait for it.
 */
export function changeUnderLock<Outcome>(
  asked: Asked,
  change: (em: EntityManager) => Promise<Outcome>,
): Promise<Outcome | NotAllowed> {
  const changed = inTransaction(async (em) => {
    await lockCompetition(em, { competitionId: asked.competitionId, mode: "exclusive" });
    const verdict = await judgeNow(em, asked, { isKept: true });
    return verdict === "granted" ? change(em) : { status: verdict };
  });
  // Whatever the outcome: a COMMIT that was not answered may stand.
  return changed.finally(dropKept);
}

/**
 * Judges by what the database says now. An actor who is gone has no role.
 *
 * @param isKept whether the role must stay as it is until the transaction ends
 */
async function judgeNow(
  em: EntityManager,
  { actor, action, competitionId }: Asked,
  { isKept = false } = {},
): Promise<Verdict> {
  const [now] = await em.execute<{ role: Actor["role"]; owner_id: string | null }[]>(
    `select u.role, c.created_by_id as owner_id
       from "user" u left join competition c on c.id = ? and c.deleted_at is null
      where u.id = ? ${isKept ? "for share of u" : ""}`,
    [competitionId, actor.id],
  );
  if (!now) return "forbidden";
  const resource = now.owner_id === null ? null : { ownerId: now.owner_id };
  return judge({ actor: { id: actor.id, role: now.role }, action, resource });
}
