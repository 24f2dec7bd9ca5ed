import { type Contest, type Part, tell } from "./contest";
import { contradictions } from "./history";
import { checkOrder } from "./line";
import type { Observer } from "./observer";
import type { Tally } from "./tally";

export interface Row {
  id: string;
  user_id: string;
  competition_id: string;
  status: "CONFIRMED" | "WAITLISTED" | "CANCELLED";
  seat_no: number | null;
  line_no: number | null;
  /** Milliseconds since 1970; null for who was not promoted. */
  promoted_at: number | null;
}

interface Seats {
  id: string;
  capacity: number;
  confirmed: number;
  numbers: number;
  missing: number;
  twice: number;
}

/** What must be true at every moment, however bad: looked up in one snapshot of Postgres. */
export async function checkSeats(
  observer: Observer,
  contests: readonly Contest[],
  tally: Tally,
): Promise<Map<string, Seats>> {
  const rows = await observer.rows<Seats>(SEATS, [JSON.stringify(contests.map(({ id }) => id))]);
  for (const { id, capacity, confirmed, numbers, missing, twice } of rows) {
    if (twice > 0) tally.violate("somebody registered twice", `${twice} people in ${id}`);
    if (confirmed > capacity) {
      tally.violate("more confirmed than seats", `${confirmed} of ${capacity} in ${id}`);
    }
    if (numbers < confirmed || missing > 0) {
      const detail = `${confirmed} people, ${numbers} numbers, ${missing} out of range in ${id}`;
      tally.violate("a seat number twice or out of range", detail);
    }
  }
  tally.count("looks at the seats");
  return new Map(rows.map((row) => [row.id, row]));
}

const SEATS = `
select c.id, c.capacity, count(r.id)::int as confirmed, count(distinct r.seat_no)::int as numbers,
  count(r.id) filter (where s.seat_no is null)::int as missing,
  (select count(*)::int from (select from registration a where a.competition_id = c.id
     and a.status <> 'CANCELLED' group by a.user_id having count(*) > 1) pairs) as twice
from competition c
left join registration r on r.competition_id = c.id and r.status = 'CONFIRMED'
left join seat s on s.competition_id = c.id and s.seat_no = r.seat_no
where c.id in (select value::uuid from json_array_elements_text(?::json))
group by c.id`;

/** Compares what everybody was told with what the database says, when all is quiet. */
export async function checkBeliefs({
  observer,
  contests,
  tally,
  redisForgot,
}: {
  observer: Observer;
  contests: readonly Contest[];
  tally: Tally;
  redisForgot: boolean;
}): Promise<void> {
  for (const contest of contests) {
    const rows = await observer.rows<Row>(
      `select id, user_id, competition_id, status, seat_no, line_no,
         (extract(epoch from promoted_at) * 1000)::float8 as promoted_at
       from registration where competition_id = ?`,
      [contest.id],
    );
    const told = new Set<string>();
    const unnamed = new Set<string>();
    const active = new Map(
      rows.filter(({ status }) => status !== "CANCELLED").map((row) => [row.user_id, row]),
    );
    for (const part of contest.parts) {
      for (const attempt of part.attempts) {
        for (const contradiction of contradictions(attempt, { ...contest, redisForgot })) {
          const kind = contradiction.startsWith("a seat")
            ? "a seat given after closing was acknowledged"
            : "a key with two answers";
          tally.violate(kind, `${contradiction}: ${tell(part)}`);
        }
        for (const { body } of attempt.sends) if (body) told.add(idOf(body));
        if (attempt.key === undefined) unnamed.add(part.caller.id);
      }
      const problem = contest.deleted ? null : disbelief(part, active.get(part.caller.id));
      if (problem) {
        tally.violate("a belief that is not in the database", `${problem}: ${tell(part)}`);
      }
    }
    if (contest.deleted) continue;
    checkOrder(contest, rows, tally);
    for (const { id, user_id } of rows) {
      if (told.has(id) || unnamed.has(user_id)) continue;
      tally.violate("a registration that nobody was told of", `${id} in ${contest.id}`);
    }
  }
}

function disbelief({ holds }: Part, row: Row | undefined): string | null {
  if (holds === undefined) return row ? `told of nothing, but has ${row.seat_no}` : null;
  if (!row) return "told of a seat or a place, but has none";
  if (holds === "unnamed") return row.status === "CONFIRMED" ? null : "told of a seat, but waits";
  // Who waits may have been promoted since.
  const isSame =
    holds.seatNo === row.seat_no || (holds.seatNo === null && row.promoted_at !== null);
  if (holds.id === row.id && isSame) return null;
  return `told of ${holds.id} on ${holds.seatNo}, has ${row.id} on ${row.seat_no}`;
}

function idOf(body: string): string {
  return String((JSON.parse(body) as { id: unknown }).id);
}
