/** SQL for whether everybody may know of a competition `c`: a cancelled one stays as a notice. */
export const IS_PUBLIC_SQL = "c.deleted_at is null and c.published_at is not null";

/** SQL for whether a competition `c` takes place, as far as anybody can know. */
export const TAKES_PLACE_SQL = `${IS_PUBLIC_SQL} and c.cancelled_at is null`;

/** SQL for until when a competition `c` counts as next for its participants and its organizer. */
export const IS_NEXT_UNTIL_SQL = "greatest(c.ends_at, c.start_date, c.reg_deadline)";

/** SQL for when a competition `c` is over; null where it has no start: that is never over. */
export const OVER_AT_SQL = `case when c.start_date is not null then ${IS_NEXT_UNTIL_SQL} end`;

/**
 * SQL for whether a competition `c` takes place and its registration has not closed. By the clock, not by the
 * transaction's start: it may have waited for the lock while somebody closed it.
 */
const IS_NOT_OVER_SQL = `${TAKES_PLACE_SQL} and c.reg_deadline > clock_timestamp()`;

/** How much the clocks of Redis and the database may differ at an opening. */
const TOLERANCE_SQL = "interval '2 seconds'";

/**
 * SQL for whether a competition `c` has not opened for a request `i`. Where Redis let the request in (it
 * then has an epoch), Redis' clock is the judge, and this only guards against one that is wrong.
 */
export const IS_EARLY_SQL = `coalesce(c.opens_at > clock_timestamp() + case when i.epoch is null
  then interval '0' else ${TOLERANCE_SQL} end, false)`;

/** SQL for whether a competition `c` takes the registration of a request `i`, by the database's clock. */
export const IS_OPEN_SQL = `${IS_NOT_OVER_SQL} and not ${IS_EARLY_SQL}`;

/**
 * SQL for when a competition `c` that has lost its start was to start, as the person of a registration `r`
 * was told; null where it had no start after they registered, or lost it longer ago than `days`.
 *
 * @param days a parameter or a number
 */
export const lostStartSql = (days: string) => `(select (n.was ->> 'start_date')::timestamptz
  from competition_change n
  where c.start_date is null and n.competition_id = c.id and n.was ->> 'start_date' is not null
    and n.changed_at > greatest(r.registered_at, now() - make_interval(days => ${days}))
  order by n.changed_at desc limit 1)`;
