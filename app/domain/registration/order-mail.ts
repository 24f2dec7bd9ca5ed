import type { EntityManager } from "@mikro-orm/postgresql";
import { isOrderedSql, orderMailSql, wasSentSql } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";

/** Registrations in one statement, so that a million need no more memory than these. */
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
  return orderForAll(em, TELL_OF_DELETION, competitionId);
}

/** Orders the mail that tells everybody of a cancellation, in the transaction that cancels. */
export function orderCancellationMail(em: EntityManager, competitionId: string): Promise<number> {
  return orderForAll(em, TELL_OF_CANCELLATION, competitionId);
}

/**
 * Orders the mail that tells those who registered before a change what has changed.
 *
 * @param change.from people who have heard nothing since then know already
 */
export function orderChangeMail(
  em: EntityManager,
  change: { id: string; competitionId: string; from: string; to: string },
): Promise<number> {
  const { id, competitionId, from, to } = change;
  return orderForAll(em, TELL_OF_CHANGE, competitionId, [id, id, from, from, to]);
}

/** For everybody with a seat, then for everybody in line. */
async function orderForAll(
  em: EntityManager,
  sql: ReturnType<typeof forAllSql>,
  competitionId: string,
  parameters: string[] = [],
): Promise<number> {
  const seated = await orderPages(em, sql.seat_no, competitionId, parameters);
  return seated + (await orderPages(em, sql.line_no, competitionId, parameters));
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

/**
 * Since when somebody is in, by the earlier of two clocks: Redis' said when they registered, and Postgres'
 * wrote it down. It does no harm to tell people of a change that they had seen.
 *
 * @param by whose numbers: of those with a seat, or of those in line
 */
const orderPageSql = (order: string, by: "seat_no" | "line_no" = "seat_no") => `
with page as (
  select id, ${by} as number, user_id, updated_at, least(registered_at, updated_at) as since
  from registration
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

function forAllSql(order: string) {
  return { seat_no: orderPageSql(order), line_no: orderPageSql(order, "line_no") };
}

const TELL_OF_DELETION = forAllSql(
  orderMailSql({
    kind: "registration.competition_deleted",
    dedupeKey: "'deleted:' || id",
    payload: { registrationId: "id" },
    from: "page",
  }),
);

const TELL_OF_CANCELLATION = forAllSql(
  orderMailSql({
    kind: "registration.competition_cancelled",
    dedupeKey: "'called-off:' || id",
    payload: { registrationId: "id" },
    from: "page",
  }),
);

/** SQL for whether the person of a registration `r` came, got their seat or was sent mail about it since then. */
function heardSinceSql(time: string): string {
  const sent = wasSentSql({ to: "r.user_id", about: "r.id", since: time });
  return `(r.updated_at >= ${time} or ${sent})`;
}

/** SQL for whether there is anybody whom `orderChangeMail` would tell. @param of SQL of each */
export function isHeardBetweenSql(of: { competitionId: string; from: string; to: string }): string {
  return `exists (select from registration r
    where r.competition_id = ${of.competitionId} and r.status <> 'CANCELLED'
      and least(r.registered_at, r.updated_at) < ${of.to} and ${heardSinceSql(of.from)})`;
}

const TELL_OF_CHANGE = forAllSql(
  orderMailSql({
    kind: "registration.competition_changed",
    dedupeKey: "'changed:' || ? || ':' || id",
    payload: { registrationId: "id", changeId: "?::text" },
    from: `page r where ${heardSinceSql("?::timestamptz")} and since < ?::timestamptz`,
  }),
);
