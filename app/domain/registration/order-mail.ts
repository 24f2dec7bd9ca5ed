import { type MailKind, orderMailSql } from "~/domain/mail/index.server";
import { database } from "~/platform/orm";

/** Registrations a statement: a million of them need no more memory than these. */
const PAGE = 2_000;

/**
 * Orders a mail to everybody who is registered for a competition. Run it as often as you like: each
 * registration gets one mail for each `occasion`.
 *
 * @param occasion what the mail is about, such as the start that it reminds of
 * @returns how many mails were ordered now
 */
export async function orderMailForConfirmed({
  competitionId,
  kind,
  occasion,
}: {
  competitionId: string;
  kind: Exclude<MailKind, "registration.confirmed" | "account.verification">;
  occasion: string;
}): Promise<number> {
  let written = 0;
  for (let seat = 0; ; ) {
    const [page]: { looked: number; last_seat: number | null; written: number }[] =
      await database().execute(ORDER_PAGE[kind], [competitionId, seat, PAGE, occasion, occasion]);
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

const ORDER_PAGE = {
  "registration.reminder": orderPageSql(
    orderMailSql({
      kind: "registration.reminder",
      dedupeKey: "'reminder:' || id || ':' || ?",
      payload: { registrationId: "id", startDate: "?::text" },
      from: "page",
    }),
  ),
};
