import type { EntityManager } from "@mikro-orm/postgresql";
import { DomainError } from "~/domain/error";
import { semaphore } from "~/platform/semaphore";
import { singleton } from "~/platform/singleton";

/** A statement has three seconds; this many seats take less than one, even on a busy machine. */
const SEATS_A_STATEMENT = 10_000;
/** Changes of more seats than this take turns. */
const MANY = SEATS_A_STATEMENT;
/** How many changes may wait for their turn, and for how long, milliseconds. */
const MOST_WAITING = 20;
const PATIENCE_MS = 20_000;
/** When a refused change may try again, seconds. */
const COME_BACK_S = 10;

/**
 * Runs a change of this many seats. In each process, large changes wait for each other: each keeps a
 * connection and a core of Postgres busy for a good part of a second, and registrations need both.
 * Organizers take turns, so that whoever changes theirs over and over keeps no other one waiting.
 *
 * @throws DomainError `unavailable` when too many large ones are waiting
 */
export async function whileFewChangeSeats<T>(
  { seats, organizerId }: { seats: number; organizerId: string },
  work: () => Promise<T>,
): Promise<T> {
  if (seats <= MANY) return work();
  const oneAtATime = singleton("changes-of-many-seats", () =>
    semaphore({ most: 1, queue: MOST_WAITING }),
  );
  const result = await oneAtATime.within(work, { line: organizerId, patienceMs: PATIENCE_MS });
  if (result !== "refused") return result;
  throw new DomainError("unavailable", "Too many seats are being changed. Try again shortly.", {
    retryAfterSeconds: COME_BACK_S,
  });
}

/**
 * Adds seats under the lowest unused numbers, within the caller's transaction.
 *
 * @returns their numbers
 */
export async function addSeats(
  em: EntityManager,
  { competitionId, seats }: { competitionId: string; seats: number },
): Promise<number[]> {
  const added: number[] = [];
  let left = seats;
  for (let from = 1; left > 0; from += SEATS_A_STATEMENT) {
    const to = from + SEATS_A_STATEMENT - 1;
    const [row] = await em.execute<{ added: number[] }[]>(
      `with added as (
         insert into seat (competition_id, seat_no)
         select ?::uuid, n from (
           select generate_series(?::int, ?::int) as n
           except select seat_no from seat where competition_id = ? and seat_no between ? and ?
         ) missing order by n limit ? returning seat_no
       ) select coalesce(json_agg(seat_no), '[]') as added from added`,
      [competitionId, from, to, competitionId, from, to, left],
    );
    for (const seatNo of row?.added ?? []) added.push(seatNo);
    left = seats - added.length;
  }
  return added;
}

/**
 * Deletes the free seats with the highest numbers, within the caller's transaction if there is one.
 * The foreign key of a registration to its seat refuses the deletion of one that is taken.
 *
 * @returns how many were deleted; fewer than asked for when the others are taken
 */
export async function removeSeats(
  em: EntityManager,
  { competitionId, seats }: { competitionId: string; seats: number },
): Promise<number> {
  const [last]: { no: number | null }[] = await em.execute(
    "select max(seat_no) as no from seat where competition_id = ?",
    [competitionId],
  );
  let left = seats;
  for (let to = last?.no ?? 0; left > 0 && to > 0; to -= SEATS_A_STATEMENT) {
    const [row] = await em.execute<{ removed: number }[]>(
      `with removed as (
         delete from seat where ctid = any(array(
           select s.ctid from seat s
            where s.competition_id = ? and s.seat_no > ? and s.seat_no <= ? and not exists (
              select from registration r
               where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
            order by s.seat_no desc limit ?))
         returning 1
       ) select count(*)::int as removed from removed`,
      [competitionId, to - SEATS_A_STATEMENT, to, left],
    );
    left -= row?.removed ?? 0;
  }
  return seats - left;
}

/** How many seats a competition has, and how many of them a registration holds. */
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
