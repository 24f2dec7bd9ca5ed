import { now } from "~/platform/clock";
import { database } from "~/platform/orm";
import { reminderWindow } from "./reminder-day";
import { rememberReminderRun } from "./reminder-run";

/** Registrations a statement: a million of them need no more memory than these. */
const PAGE = 2_000;
const COMPETITIONS_A_PAGE = 500;

interface Starting {
  id: string;
  start_date: string;
}

/**
 * Orders a reminder for everybody who is registered for a competition that starts tomorrow. Run it
 * as often as you like: one registration is reminded of one start date once.
 *
 * @param date the day of the run, by default today; all days are UTC's
 */
export async function writeReminders({ date = now() }: { date?: Date } = {}): Promise<{
  competitions: number;
  written: number;
}> {
  let competitions = 0;
  let written = 0;
  for await (const competition of startingWithin(reminderWindow(date))) {
    competitions++;
    written += await remindOf(competition);
  }
  await rememberReminderRun({ date, at: now(), competitions, written });
  return { competitions, written };
}

async function* startingWithin({ from, to }: { from: Date; to: Date }): AsyncGenerator<Starting> {
  let after: Starting = {
    id: "00000000-0000-0000-0000-000000000000",
    start_date: from.toISOString(),
  };
  for (;;) {
    const page: Starting[] = await database().execute(
      `select id, start_date from competition
        where deleted_at is null and start_date < ? and (start_date, id) > (?::timestamptz, ?::uuid)
        order by start_date, id limit ?`,
      [to, after.start_date, after.id, COMPETITIONS_A_PAGE],
    );
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < COMPETITIONS_A_PAGE) return;
    after = last;
  }
}

async function remindOf({ id, start_date }: Starting): Promise<number> {
  const startDate = new Date(start_date).toISOString();
  let written = 0;
  for (let seat = 0; ; ) {
    const [page]: { looked: number; last_seat: number | null; written: number }[] =
      await database().execute(WRITE_PAGE, [id, seat, PAGE, startDate, startDate]);
    written += page?.written ?? 0;
    if (!page?.last_seat || page.looked < PAGE) return written;
    seat = page.last_seat;
  }
}

const WRITE_PAGE = `
with page as (
  select id, seat_no from registration
  where competition_id = ? and seat_no > ?
  order by seat_no limit ?
), written as (
  insert into outbox (dedupe_key, kind, payload)
  select 'reminder:' || id || ':' || ?, 'registration.reminder',
    jsonb_build_object('registrationId', id, 'startDate', ?::text)
  from page
  on conflict (dedupe_key) do nothing
  returning 1
)
select (select count(*) from page)::int as looked, (select max(seat_no) from page) as last_seat,
  (select count(*) from written)::int as written`;
