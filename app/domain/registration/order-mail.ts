import type { EntityManager } from "@mikro-orm/postgresql";
import { isOrderedSql, orderMailSql } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";

/** Registrations a statement: a million of them need no more memory than these. */
const PAGE = 2_000;

/**
 * Orders a reminder for everybody who is registered for a competition. Run it as often as you like:
 * each registration is reminded of each start once.
 *
 * @returns how many mails were ordered now
 */
export function orderReminders(starting: {
  competitionId: string;
  startDate: Date;
}): Promise<number> {
  const start = starting.startDate.toISOString();
  return orderPages(database(), REMIND, starting.competitionId, [start, start]);
}

/** How many people are registered for a competition, and how many `orderReminders` would remind. */
export async function countReminders({
  competitionId,
  startDate,
}: {
  competitionId: string;
  startDate: Date;
}): Promise<{ registered: number; toRemind: number }> {
  const [count]: { registered: number; toRemind: number }[] = await database().execute(
    `select count(*)::int as registered, count(*) filter (where not
       ${isOrderedSql("'reminder:' || r.id || ':' || ?")})::int as "toRemind"
       from registration r where competition_id = ? and seat_no is not null`,
    [startDate.toISOString(), competitionId],
  );
  return count ?? { registered: 0, toRemind: 0 };
}

/** Orders the mail that tells everybody of a deletion, in the transaction that deletes. */
export function orderDeletionMail(em: EntityManager, competitionId: string): Promise<number> {
  return orderPages(em, TELL_OF_DELETION, competitionId, []);
}

async function orderPages(
  em: EntityManager,
  sql: string,
  competitionId: string,
  parameters: string[],
): Promise<number> {
  let written = 0;
  for (let seat = 0; ; ) {
    const [page]: { looked: number; last_seat: number | null; written: number }[] =
      await em.execute(sql, [competitionId, seat, PAGE, ...parameters]);
    written += page?.written ?? 0;
    if (!page?.last_seat || page.looked < PAGE) return written;
    seat = page.last_seat;
  }
}

const orderPageSql = (order: string) => `
with page as (
  select id, seat_no from registration
  where competition_id = ? and seat_no > ?
  order by seat_no limit ?
), written as (
  ${order} on conflict (dedupe_key) do nothing returning 1
)
select (select count(*) from page)::int as looked, (select max(seat_no) from page) as last_seat,
  (select count(*) from written)::int as written`;

const REMIND = orderPageSql(
  orderMailSql({
    kind: "registration.reminder",
    dedupeKey: "'reminder:' || id || ':' || ?",
    payload: { registrationId: "id", startDate: "?::text" },
    from: "page",
  }),
);

const TELL_OF_DELETION = orderPageSql(
  orderMailSql({
    kind: "registration.competition_deleted",
    dedupeKey: "'deleted:' || id",
    payload: { registrationId: "id" },
    from: "page",
  }),
);
