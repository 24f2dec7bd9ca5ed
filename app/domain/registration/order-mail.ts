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
  return orderAll(em, competitionId);
}

async function orderAll(em: EntityManager, competitionId: string): Promise<number> {
  const seated = await orderPages(em, TELL_OF_DELETION.seat_no, competitionId, []);
  return seated + (await orderPages(em, TELL_OF_DELETION.line_no, competitionId, []));
}

async function orderPages(
  em: EntityManager,
  sql: string,
  competitionId: string,
  parameters: string[],
): Promise<number> {
  let written = 0;
  for (let number = 0; ; ) {
    const [page]: { looked: number; last: number | null; written: number }[] = await em.execute(
      sql,
      [competitionId, number, PAGE, ...parameters],
    );
    written += page?.written ?? 0;
    if (!page?.last || page.looked < PAGE) return written;
    number = page.last;
  }
}

/** @param by whose numbers: of those with a seat, or of those in line */
const orderPageSql = (order: string, by: "seat_no" | "line_no" = "seat_no") => `
with page as (
  select id, ${by} as number from registration
  where competition_id = ? and ${by} > ?${by === "line_no" ? " and status = 'WAITLISTED'" : ""}
  order by ${by} limit ?
), written as (
  ${order} on conflict (dedupe_key) do nothing returning 1
)
select (select count(*) from page)::int as looked, (select max(number) from page) as last,
  (select count(*) from written)::int as written`;

const REMIND = orderPageSql(
  orderMailSql({
    kind: "registration.reminder",
    dedupeKey: "'reminder:' || id || ':' || ?",
    payload: { registrationId: "id", startDate: "?::text" },
    from: "page",
  }),
);

const ORDER_DELETION_MAIL = orderMailSql({
  kind: "registration.competition_deleted",
  dedupeKey: "'deleted:' || id",
  payload: { registrationId: "id" },
  from: "page",
});

const TELL_OF_DELETION = {
  seat_no: orderPageSql(ORDER_DELETION_MAIL),
  line_no: orderPageSql(ORDER_DELETION_MAIL, "line_no"),
};
