import type { EntityManager } from "@mikro-orm/postgresql";

/** A statement has three seconds; this many seats take a fraction of one, on a busy machine too. */
const SEATS_A_STATEMENT = 10_000;

/** Adds seats with the lowest numbers that are free of one, within the caller's transaction. */
export async function addSeats(
  em: EntityManager,
  { competitionId, seats }: { competitionId: string; seats: number },
): Promise<void> {
  for (let left = seats; left > 0; left -= SEATS_A_STATEMENT) {
    const batch = Math.min(left, SEATS_A_STATEMENT);
    // Among the numbers up to "seats that exist + batch" at least `batch` are missing.
    await em.execute(
      `insert into seat (competition_id, seat_no)
       select ?::uuid, n
         from generate_series(1, (select count(*) from seat where competition_id = ?) + ?) as n
        where not exists (select from seat where competition_id = ? and seat_no = n)
        order by n limit ?`,
      [competitionId, competitionId, batch, competitionId, batch],
    );
  }
}

/**
 * Deletes the free seats with the highest numbers, within the caller's transaction. The foreign key
 * of a registration to its seat refuses the deletion of one that is taken.
 */
export async function removeSeats(
  em: EntityManager,
  { competitionId, seats }: { competitionId: string; seats: number },
): Promise<void> {
  for (let left = seats; left > 0; left -= SEATS_A_STATEMENT) {
    await em.execute(
      `delete from seat where competition_id = ? and seat_no in (
         select s.seat_no from seat s
          where s.competition_id = ? and not exists (
            select from registration r
             where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
          order by s.seat_no desc limit ?)`,
      [competitionId, competitionId, Math.min(left, SEATS_A_STATEMENT)],
    );
  }
}

/** Seats of a competition that exist, and those of them that a registration holds. */
export async function countSeatRows(
  em: EntityManager,
  competitionId: string,
): Promise<{ seats: number; taken: number }> {
  const [counts]: { seats: number; taken: number }[] = await em.execute(
    `select (select count(*)::int from seat where competition_id = ?) as seats,
            (select count(*)::int from registration
              where competition_id = ? and seat_no is not null) as taken`,
    [competitionId, competitionId],
  );
  return counts ?? { seats: 0, taken: 0 };
}
