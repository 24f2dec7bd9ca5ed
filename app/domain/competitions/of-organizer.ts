import { database } from "~/platform/orm";
import { type ListPage, placeOf } from "../paging";
import { IS_NEXT_UNTIL_SQL, IS_PUBLIC_SQL } from "./conditions.sql";
import { findListedRows, type ListedCompetition, withSeats } from "./view";
import { SOONEST } from "./when";

/** The competitions that an organizer runs, or has run. */
interface HeldCompetition extends ListedCompetition {
  isOver: boolean;
}

/**
 * A numbered page of an organizer's competitions, as everybody may see them: first what is to come, by
 * date, then what is over, the latest first. Counted and sorted anew each time: quotas keep them few.
 */
export async function browseOrganizer(asked: {
  organizerId: string;
  page: number;
  perPage: number;
}): Promise<ListPage<HeldCompetition>> {
  const { organizerId, page, perPage } = asked;
  const [counted]: { total: number }[] = await database().execute(
    `select count(*)::int as total from competition c
      where c.created_by_id = ?::uuid and ${IS_PUBLIC_SQL}`,
    [organizerId],
  );
  const { shown, skip } = placeOf({ page, perPage, total: counted?.total ?? 0 });
  const rows = await findListedRows(database(), IN_ORDER, [organizerId, perPage, skip]);
  const items = (await withSeats(rows)).map((one) => ({ ...one, isOver: isOver(one) }));
  return { ...shown, items };
}

const IS_OVER_SQL = `(${IS_NEXT_UNTIL_SQL} <= now())`;
const IN_ORDER = ` and c.created_by_id = ?::uuid
  order by ${IS_OVER_SQL}, case when not ${IS_OVER_SQL} then ${SOONEST.key} end,
    case when ${IS_OVER_SQL} then ${IS_NEXT_UNTIL_SQL} end desc, c.id limit ? offset ?`;

/** The same for a competition that was read, by the clock of that reading. */
function isOver({ endsAt, startDate, regDeadline, clock }: ListedCompetition): boolean {
  const dates = [endsAt, startDate, regDeadline].map((date) => date?.getTime() ?? 0);
  return Math.max(...dates) <= clock.said;
}
