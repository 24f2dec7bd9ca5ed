import type { EntityManager } from "@mikro-orm/postgresql";
import { type Origin, originColumns } from "~/platform/origin";
import type { MailKind } from "./messages";

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
    `insert into outbox (dedupe_key, kind, payload, request_id, trace_parent)
     select "dedupeKey", kind, payload, request_id, trace_parent
       from json_to_recordset(?::json) as i("dedupeKey" text, kind text, payload jsonb,
         request_id text, trace_parent text)
     on conflict (dedupe_key) do nothing`,
    [JSON.stringify(orders.map((order) => ({ ...order, ...originColumns(order.origin) })))],
  );
}

/** SQL for whether mail was ordered under a key. @param dedupeKey SQL of a text */
export function isOrderedSql(dedupeKey: string): string {
  return `exists (select from outbox where dedupe_key = ${dedupeKey})`;
}
