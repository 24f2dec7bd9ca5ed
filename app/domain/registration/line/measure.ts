import { database } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../../competitions/conditions.sql";

export interface LinesMeasure {
  /** People in line, in competitions whose registration is open. */
  waiting: number;
  /** Seats that are free while somebody waits for one. More than a moment of it is a fault. */
  owedSeats: number;
}

/** How many wait, and for what that is theirs already. */
export async function measureLines(): Promise<LinesMeasure> {
  const [row] = await database().execute<LinesMeasure[]>(
    `select coalesce(sum(waiting), 0)::int as waiting,
            coalesce(sum(least(waiting, free)), 0)::int as "owedSeats"
       from (
         select count(*) as waiting, c.capacity - (select count(*) from registration r
             where r.competition_id = c.id and r.status = 'CONFIRMED') as free
           from competition c join registration w
             on w.competition_id = c.id and w.status = 'WAITLISTED'
          where ${TAKES_PLACE_SQL} and c.reg_deadline > now()
          group by c.id
       ) line`,
  );
  return row ?? { waiting: 0, owedSeats: 0 };
}
