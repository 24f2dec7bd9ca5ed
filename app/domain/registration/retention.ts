import { database } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../competitions/conditions.sql";
import { removeSeats } from "./seats/rows";

/** Cancelled registrations are kept this long, for questions about them. Days. */
const CANCELLED_KEPT_DAYS = 90;
/** A statement's share. */
const AT_ONCE = 5_000;
/** More seats than any competition has. */
const ALL_SEATS = 1_000_000;

/**
 * Deletes a share of the registrations that were cancelled long ago. They stay while their user is
 * registered again, or still may: calendars count them to tell which event is newer.
 */
export async function forgetCancelled(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from registration where id in (
       select id from registration r
        where status = 'CANCELLED' and updated_at < now() - make_interval(days => ?)
          and not exists (select from registration a where a.competition_id = r.competition_id
            and a.user_id = r.user_id and a.status <> 'CANCELLED')
          and not exists (select from competition c
            where c.id = r.competition_id and ${TAKES_PLACE_SQL} and c.reg_deadline > now())
        order by updated_at limit ?)
     returning 1`,
    [CANCELLED_KEPT_DAYS, AT_ONCE],
  );
  return { forgotten: rows.length };
}

/**
 * Deletes the seats of a deleted competition that no registration holds, statement by statement.
 * Nobody can register for it, so they stay free.
 */
export function removeFreeSeats(competitionId: string): Promise<number> {
  return removeSeats(database(), { competitionId, seats: ALL_SEATS });
}

/** Deletes a deleted competition's registrations, then its seats, statement by statement. */
export async function removeRegistrations(competitionId: string): Promise<void> {
  for (;;) {
    const rows: unknown[] = await database().execute(
      `delete from registration where id in (
         select id from registration where competition_id = ? limit ?)
       returning 1`,
      [competitionId, AT_ONCE],
    );
    if (rows.length < AT_ONCE) break;
  }
  await removeFreeSeats(competitionId);
}
