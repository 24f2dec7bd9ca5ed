import type { EntityManager } from "@mikro-orm/postgresql";

/** What Postgres has committed of one competition's seats, at one instant. */
export interface SeatSnapshot {
  state: "open" | "cancelled" | "gone";
  capacity: number;
  /** Only holds of this epoch can be committed. */
  epoch: number;
  /** When registration opens, milliseconds since 1970; 0 for at once. */
  opensAt: number;
  /** When registration closes, or was closed by the deletion or cancellation, milliseconds since 1970. */
  closesAt: number;
  confirmed: { userId: string; registrationId: string; seatNo: number }[];
  /** Users with neither seat nor place who still have an answer under a key: they have cancelled. */
  cancelled: string[];
  /** Order-independent sum over the confirmed registrations, to compare sets by one number. */
  digest: number;
  /** Those who wait, with their numbers; the lowest came first. */
  waiting: { userId: string; registrationId: string; lineNo: number }[];
  /** The same sum over those who wait. */
  lineDigest: number;
  /** The most people the line may hold; 0 for no line. */
  lineLimit: number;
  /** The highest number in line that anybody ever had. */
  lastInLine: number;
  /** Numbers up to here can no longer be committed from Redis. */
  lineBase: number;
  /** Free seats below the highest free range, which is `nextSeat` to `lastSeat`. */
  freeSeats: number[];
  nextSeat: number;
  lastSeat: number;
}

interface SnapshotRow {
  capacity: number;
  epoch: number;
  opens_at: string;
  closes_at: string;
  state: SeatSnapshot["state"];
  confirmed: [userId: string, registrationId: string, seatNo: number][];
  free_ranges: [from: number, to: number][];
  cancelled: string[];
  waiting: [userId: string, registrationId: string, lineNo: number][];
  line_limit: number;
  last_in_line: number;
  line_base: number;
}

/** Reads the snapshot in one statement, which sees one instant at any isolation level. */
export async function readSeatSnapshot(
  em: EntityManager,
  competitionId: string,
): Promise<SeatSnapshot> {
  const [row] = await em.execute<SnapshotRow[]>(SNAPSHOT, [competitionId]);
  if (!row) return NONE;
  const confirmed = row.confirmed.map(([userId, registrationId, seatNo]) => ({
    userId,
    registrationId,
    seatNo,
  }));
  const waiting = row.waiting.map(([userId, registrationId, lineNo]) => ({
    userId,
    registrationId,
    lineNo,
  }));
  const [highest, ...lower] = row.free_ranges.sort((a, b) => b[0] - a[0]);
  return {
    state: row.state,
    capacity: row.capacity,
    epoch: row.epoch,
    opensAt: Number(row.opens_at),
    closesAt: Number(row.closes_at),
    confirmed,
    cancelled: row.cancelled,
    digest: digestOf(confirmed),
    waiting,
    lineDigest: digestOf(waiting),
    lineLimit: row.line_limit,
    lastInLine: Math.max(row.last_in_line, row.line_base),
    lineBase: row.line_base,
    freeSeats: lower.flatMap(([from, to]) => range(from, to)),
    nextSeat: highest?.[0] ?? 1,
    lastSeat: highest?.[1] ?? 0,
  };
}

/** Each registration's share is the last eight hexadecimal digits of its id. */
function digestOf(registrations: { registrationId: string }[]): number {
  const shares = registrations.map(({ registrationId }) => registrationId.slice(-8));
  return shares.reduce((sum, share) => sum + Number.parseInt(share, 16), 0);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

/**
 * A competition that does not exist. It counts as closed long ago, so the next sweep makes Redis forget
 * it: ids that anybody can make up must not stay in memory.
 */
const NONE: SeatSnapshot = {
  state: "gone",
  capacity: 0,
  epoch: 0,
  opensAt: 0,
  closesAt: 0,
  confirmed: [],
  cancelled: [],
  digest: 0,
  waiting: [],
  lineDigest: 0,
  lineLimit: 0,
  lastInLine: 0,
  lineBase: 0,
  freeSeats: [],
  nextSeat: 1,
  lastSeat: 0,
};

/** SQL for a registration's share of the digest; the same number as `digestOf`. */
export const DIGEST_SQL = `('x' || right(id::text, 8))::bit(32)::bigint`;

/** SQL for when a competition `c` opens, in milliseconds since 1970; 0 for at once. */
export const OPENS_SQL = "coalesce((extract(epoch from c.opens_at) * 1000)::bigint, 0)";

/** SQL for the state, in Redis' words, of a published competition `c`. */
export const STATE_SQL = `case when c.deleted_at is not null then 'gone'
  when c.cancelled_at is not null then 'cancelled' else 'open' end`;

/** SQL for whether Redis may know a competition `c`: for Redis, drafts do not exist. */
export const IS_KNOWN_SQL = "c.published_at is not null";

const SNAPSHOT = `
select c.capacity, c.seat_epoch as epoch, ${STATE_SQL} as state,
  ${OPENS_SQL} as opens_at,
  (extract(epoch from least(c.reg_deadline, c.deleted_at, c.cancelled_at)) * 1000)::bigint as closes_at,
  coalesce((select json_agg(json_build_array(r.user_id, r.id, r.seat_no)) from registration r
    where r.competition_id = c.id and r.status = 'CONFIRMED'), '[]') as confirmed,
  coalesce((select json_agg(json_build_array(low, high)) from (
    select min(seat_no) as low, max(seat_no) as high from (
      select s.seat_no, s.seat_no - row_number() over (order by s.seat_no) as island
      from seat s where s.competition_id = c.id and ${STATE_SQL} = 'open' and not exists (
        select 1 from registration r where r.competition_id = s.competition_id and r.seat_no = s.seat_no)
    ) free group by island
  ) ranges), '[]') as free_ranges,
  coalesce((select json_agg(distinct k.user_id) from stored_answer k
    where k.scope = c.id and not exists (
      select 1 from registration r where r.competition_id = c.id and r.user_id = k.user_id
        and r.status <> 'CANCELLED')), '[]') as cancelled,
  coalesce((select json_agg(json_build_array(r.user_id, r.id, r.line_no)) from registration r
    where r.competition_id = c.id and r.status = 'WAITLISTED'), '[]') as waiting,
  c.waitlist_limit as line_limit, c.line_base,
  coalesce((select max(r.line_no) from registration r
    where r.competition_id = c.id and r.line_no is not null), 0) as last_in_line
from competition c where c.id = ? and ${IS_KNOWN_SQL}`;
