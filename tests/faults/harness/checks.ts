import { type Contest, type Part, tell } from "./contest";
import { contradictions } from "./history";
import type { Observer } from "./observer";
import type { Tally } from "./tally";

interface Row {
  id: string;
  user_id: string;
  competition_id: string;
  status: "CONFIRMED" | "CANCELLED";
  seat_no: number | null;
}

interface Seats {
  id: string;
  capacity: number;
  confirmed: number;
  numbers: number;
  missing: number;
}

/** What must be true at every moment, however bad: looked up in one snapshot of Postgres. */
export async function checkSeats(
  observer: Observer,
  contests: readonly Contest[],
  tally: Tally,
): Promise<Map<string, Seats>> {
  const rows = await observer.rows<Seats>(SEATS, [JSON.stringify(contests.map(({ id }) => id))]);
  for (const { id, capacity, confirmed, numbers, missing } of rows) {
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
  count(r.id) filter (where s.seat_no is null)::int as missing
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
      `select id, user_id, competition_id, status, seat_no from registration
        where competition_id = ?`,
      [contest.id],
    );
    const told = new Set<string>();
    const unnamed = new Set<string>();
    const confirmed = new Map(
      rows.filter(({ status }) => status === "CONFIRMED").map((row) => [row.user_id, row]),
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
      const problem = contest.deleted ? null : disbelief(part, confirmed.get(part.caller.id));
      if (problem) {
        tally.violate("a belief that is not in the database", `${problem}: ${tell(part)}`);
      }
    }
    if (contest.deleted) continue;
    for (const { id, user_id } of rows) {
      if (told.has(id) || unnamed.has(user_id)) continue;
      tally.violate("a registration that nobody was told of", `${id} in ${contest.id}`);
    }
  }
}

function disbelief({ holds }: Part, row: Row | undefined): string | null {
  if (holds === undefined) return row ? `told of no seat, but has ${row.seat_no}` : null;
  if (!row) return "told of a seat, but has none";
  if (holds === "unnamed") return null;
  if (holds.id === row.id && holds.seatNo === row.seat_no) return null;
  return `told of ${holds.id} on ${holds.seatNo}, has ${row.id} on ${row.seat_no}`;
}

function idOf(body: string): string {
  return String((JSON.parse(body) as { id: unknown }).id);
}

/**
 * Compares the mailboxes with the registrations, when every outbox row is done. Of a competition that
 * was deleted everybody hears so, and perhaps, before that, that they were registered.
 */
export async function checkMail(observer: Observer, tally: Tally): Promise<void> {
  const wrong = await observer.rows<{ id: string; status: string; mails: number }>(
    `select r.id, r.status, count(m.id)::int as mails
       from registration r
       join competition c on c.id = r.competition_id
       left join mail_box m on m.user_id = r.user_id
         and m.dedupe_key ~ ('^confirmation:' || r.id || '($|:)')
      group by r.id, c.id
     having count(m.id) > 1
         or (count(m.id) = 0 and r.status = 'CONFIRMED' and c.deleted_at is null)`,
  );
  for (const { id, mails } of wrong) {
    tally.violate(mails === 0 ? "a confirmation lost" : "a confirmation doubled", id);
  }
  const untold = await observer.rows<{ id: string; mails: number }>(
    `select r.id, count(m.id)::int as mails
       from registration r
       join competition c on c.id = r.competition_id and c.deleted_at is not null
       left join mail_box m on m.dedupe_key = 'deleted:' || r.id
      where r.status = 'CONFIRMED'
      group by r.id having count(m.id) <> 1`,
  );
  for (const { id } of untold) tally.violate("a deletion untold, or told twice", id);
  const stray = await observer.rows<{ dedupe_key: string }>(
    `select dedupe_key from mail_box m where not exists (
       select from registration r where r.user_id = m.user_id
          and (m.dedupe_key like 'confirmation:' || r.id || '%' or m.dedupe_key = 'deleted:' || r.id))`,
  );
  for (const { dedupe_key } of stray) {
    tally.violate("mail to nobody's registration", dedupe_key);
  }
  const [sum] = await observer.rows<{ mails: number }>(
    "select count(*)::int as mails from mail_box",
  );
  tally.count("confirmations delivered", sum?.mails ?? 0);
}
