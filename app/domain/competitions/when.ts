import { IS_ROOM_SQL } from "~/domain/registration/index.server";
import type { Condition, Order } from "./search";
import type { CompetitionView } from "./view";

/** Which competitions to look at: open for registration or the line now, opening later, or over. */
export const WHEN = ["open", "soon", "past"] as const;
export type When = (typeof WHEN)[number];

/** When a competition `c` is: its start, or its deadline where there is no start or the deadline is later. */
const DAY_SQL = "greatest(c.start_date, c.reg_deadline)";

/** When it is over; where no end is given, that is when it starts. */
const END_SQL = "coalesce(c.ends_at, c.start_date)";

export const SOONEST: Order = { key: DAY_SQL, descending: false };

const LISTS: Record<When, { sql: string; order: Order }> = {
  open: {
    // Open competitions are ahead. Said for the index, which knows when they are but not which are open.
    sql: `${DAY_SQL} > now() and c.reg_deadline > now() and (c.opens_at is null or c.opens_at <= now())
      and ${IS_ROOM_SQL}`,
    order: SOONEST,
  },
  soon: { sql: "c.opens_at > now()", order: { key: "c.opens_at", descending: false } },
  past: { sql: `${END_SQL} <= now()`, order: { key: END_SQL, descending: true } },
};

/** Whether it is over, by the clock that it was read by. What has no start never is. */
export function isOver({ startDate, endsAt, regDeadline, clock }: CompetitionView): boolean {
  if (startDate === null) return false;
  return Math.max(...[startDate, endsAt ?? startDate, regDeadline].map(Number)) <= clock.said;
}

/** As a condition to append to a query; without `when` it holds for all. */
export function whenCondition(when: When | undefined): Condition {
  return { sql: when ? ` and c.cancelled_at is null and ${LISTS[when].sql}` : "", parameters: [] };
}

/** The order in which people look through them: what comes next first, and what was last. */
export function orderOf(when: When | undefined): Order {
  return when ? LISTS[when].order : NEWEST;
}

/** The order of all there are. */
export const NEWEST: Order = { key: "c.created_at", descending: true };
