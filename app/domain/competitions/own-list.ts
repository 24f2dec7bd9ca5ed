import { type Actor, requireRoleFor } from "~/domain/access";
import { database } from "~/platform/orm";
import { type ListPage, orderSql, placeOf, type Sort } from "../paging";
import { searching } from "../searching";
import { matching } from "./search";
import { findOwnRows, type ListedCompetition, withSeats } from "./view";

/** What organizers can sort their competitions by. Those without a start come last. */
export type OwnCompetitionOrder = "created" | "title" | "start";

/**
 * A numbered page of an organizer's own competitions. Counted and sorted anew each time: quotas keep them
 * few.
 *
 * @param q words that all must be there, in any order, whatever their case and accents
 * @throws DomainError `forbidden` for anybody but organizers; `unavailable` when a search takes too long
 */
export async function browseOwnCompetitions(asked: {
  actor: Actor;
  page: number;
  perPage: number;
  q?: string;
  sort?: Sort<OwnCompetitionOrder>;
}): Promise<ListPage<ListedCompetition>> {
  const { actor, page, perPage, q = "", sort = { by: "created", descending: true } } = asked;
  requireRoleFor({ actor, action: "list own competitions" });
  const match = matching(q);
  const sql = ` and c.created_by_id = ? and ${match.sql}`;
  const parameters = [actor.id, ...match.parameters];
  const read = async (em = database()) => {
    const [counted]: { total: number }[] = await em.execute(
      `select count(*)::int as total from competition c where c.deleted_at is null${sql}`,
      parameters,
    );
    const { shown, skip } = placeOf({ page, perPage, total: counted?.total ?? 0 });
    const order = orderSql(ORDER_BY[sort.by], "c.id", sort.descending);
    const wanted = [...parameters, perPage, skip];
    return { shown, rows: await findOwnRows(em, `${sql} ${order} limit ? offset ?`, wanted) };
  };
  const { shown, rows } = await (match.parameters.length > 0 ? searching(read) : read());
  return { ...shown, items: await withSeats(rows) };
}

const ORDER_BY: Record<OwnCompetitionOrder, string> = {
  created: "c.created_at",
  title: 'c.title collate "root_order"',
  start: "coalesce(c.start_date, 'infinity')",
};
