import type { EntityManager } from "@mikro-orm/postgresql";
import { type Origin, type OriginColumns, originColumns } from "~/platform/origin";
import type { MailKind, MailPayloads } from "./messages";

/**
 * What may wait for what: mail of a lower class leaves first, though no class waits for ever. 0 tells of
 * a seat or opens an account, 1 goes to a crowd at once, 2 may come an hour late.
 */
export const MAIL_CLASS: Record<MailKind, number> = {
  "account.verification": 0,
  "registration.confirmed": 0,
  "registration.promoted": 0,
  "registration.competition_deleted": 1,
  "registration.competition_cancelled": 1,
  "registration.competition_changed": 1,
  "registration.given_back": 1,
  "registration.joined": 1,
  "registration.line_closed": 1,
  "registration.reminder": 2,
};

export const CLASSES = Math.max(...Object.values(MAIL_CLASS)) + 1;

/** SQL for a row `c` of each class. */
export const CLASSES_SQL = `generate_series(0, ${CLASSES - 1}) as c`;

/** Mail to order: two orders with the same key are one mail. */
export interface MailOrder {
  dedupeKey: string;
  kind: MailKind;
  payload: Record<string, string>;
  origin?: Origin | undefined;
}

/** Orders mail in the caller's transaction, for callers without `orderMailSql` in a statement. */
export async function orderMail(em: EntityManager, orders: MailOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await em.execute(
    `insert into outbox (dedupe_key, kind, class, payload, request_id, trace_parent)
     select "dedupeKey", kind, coalesce(class, 0), payload, request_id, trace_parent
       from json_to_recordset(?::json) as i("dedupeKey" text, kind text, class int, payload jsonb,
         request_id text, trace_parent text)
     on conflict (dedupe_key) do nothing`,
    [JSON.stringify(orders.map(toRow))],
  );
}

function toRow(order: MailOrder) {
  // A kind that this release does not know is refused when it is delivered.
  return { ...order, ...originColumns(order.origin), class: MAIL_CLASS[order.kind] ?? 0 };
}

/**
 * SQL that orders mail: an outbox row for each row of `from`, as a part of the statement that
 * writes what the mail is about. The mail leaves when that commits, and never if it does not.
 *
 * @param order.dedupeKey SQL of a text: two rows with the same are one mail
 * @param order.payload SQL of a text for each field
 * @param order.origin SQL of a text for each of its columns: whose request orders the mail
 */
export function orderMailSql<Kind extends MailKind>(order: {
  kind: Kind;
  dedupeKey: string;
  payload: Record<MailPayloads[Kind], string>;
  origin?: Record<keyof OriginColumns, string>;
  from: string;
}): string {
  const fields = Object.entries<string>(order.payload).map(([name, sql]) => `'${name}', ${sql}`);
  const { request_id, trace_parent } = order.origin ?? { request_id: "null", trace_parent: "null" };
  return `insert into outbox (dedupe_key, kind, class, payload, request_id, trace_parent)
  select ${order.dedupeKey}, '${order.kind}', ${MAIL_CLASS[order.kind]}, jsonb_build_object(${fields.join(", ")}),
    ${request_id}, ${trace_parent}
  from ${order.from}`;
}

/**
 * SQL for whether mail about something was sent to somebody since then.
 *
 * @param sent SQL of the person's id, of a text that is in the mail's key, and of the time
 */
export function wasSentSql(sent: { to: string; about: string; since: string }): string {
  return `exists (select from mail_box m where m.user_id = ${sent.to} and m.sent_at >= ${sent.since}
    and m.dedupe_key like '%' || ${sent.about} || '%')`;
}

/** SQL for whether mail was ordered under a key. @param dedupeKey SQL of a text */
export function isOrderedSql(dedupeKey: string): string {
  return `exists (select from outbox where dedupe_key = ${dedupeKey})`;
}
