import type { EntityManager } from "@mikro-orm/postgresql";
import { BY_INDEX_SQL, executePrepared } from "~/platform/orm";
import { STALE_S } from "./lost-jobs";
import { CLASSES, CLASSES_SQL } from "./order";
import type { Claimed } from "./queue";

/** Of a batch, the newest, so that a fresh confirmation overtakes a million others. */
const NEWEST_OF_BATCH = 50;
/** Of a batch, rows of each class of mail, whatever else waits; the rest goes to the most urgent. */
const SHARE_OF_CLASS = 25;
/** When a row whose delivery began here, and did not end, counts as lost: its worker died. Seconds. */
const LOST_S = 15;

/** A row of the outbox that is claimed, for the mail that it orders. */
export interface ClaimedOrder extends Claimed {
  dedupe_key: string;
  payload: unknown;
}

/**
 * Claims rows of the outbox that wait, within the caller's transaction: the most urgent first, with a
 * share of each class, so that none waits for ever.
 *
 * @param few so many, and fewer, are handed to the queue as well
 */
export async function claimRows(
  em: EntityManager,
  { limit, few }: { limit: number; few: number },
): Promise<ClaimedOrder[]> {
  const newest = Math.min(NEWEST_OF_BATCH, limit);
  const share = Math.min(SHARE_OF_CLASS, Math.floor((limit - newest) / CLASSES));
  const parameters = [newest, share, limit - newest, few, STALE_S - LOST_S].map(String);
  await executePrepared(em, `select ${BY_INDEX_SQL}`, []);
  return executePrepared<ClaimedOrder>(em, CLAIM_FRESH, parameters);
}

const WAITING = "done_at is null and dead_at is null and enqueued_at is null";

/** The orders are those of `outbox_class_index`, backwards in one class, and forwards. */
const CLAIM_FRESH = `
with newest as (
  select id from outbox where ${WAITING} and class = 0
  order by class desc, enqueued_at desc nulls last, id desc limit ? for update skip locked
), shares as (
  select o.id from ${CLASSES_SQL}, lateral (
    select id from outbox where ${WAITING} and class = c
    order by class, enqueued_at nulls first, id limit ? for update skip locked) o
), urgent as (
  select id from outbox where ${WAITING} and id not in (select id from shares)
  order by class, enqueued_at nulls first, id limit greatest(0, ? - (select count(*) from shares))
  for update skip locked
), picked as (
  select id from newest union select id from shares union select id from urgent
)
update outbox o set generation = generation + 1, enqueued_at = clock_timestamp() -
  case when (select count(*) from picked) > ? then make_interval(secs => ?) else interval '0' end
from picked p where o.id = p.id
returning o.id::text, dedupe_key, kind, payload, generation, request_id, trace_parent`;
