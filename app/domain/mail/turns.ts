import { inBatches } from "~/platform/batch";
import { env } from "~/platform/env";
import { BY_INDEX_SQL, database, inOneTrip } from "~/platform/orm";
import { textArray } from "~/platform/text-array";
import { MAILS_AT_ONCE } from "./delivery";
import { STALE_S } from "./lost-jobs";
import type { MailMessage } from "./messages";

/** An outbox row whose mail is to leave. */
interface Order {
  id: string;
}

/**
 * Says whether it is a mail's turn. A person gets one mail an hour about each topic: the next one waits,
 * and is composed when its turn comes, so that it says what is true then.
 *
 * Called again for the same row, it does the same. If a mail turns out to be needless, its topic is free
 * at once; while its fate is unknown, the others look again in a minute.
 */
export async function comesInTurn(row: Order, mail: MailMessage): Promise<boolean> {
  if (env().RATE_LIMITS === "off" || !mail.topic || (await takeTurn(row, mail))) return true;
  await postpone(row, await findNextTurn(mail));
  return false;
}

/**
 * Lets a row wait. Its job is over, since jobs that wait would fill the queue; the relay hands the
 * row over again when it counts as stale.
 */
async function postpone({ id }: Order, at: Date): Promise<void> {
  await database().execute(
    `update outbox set not_before = ?, enqueued_at = ?::timestamptz - make_interval(secs => ?)
      where id = ?::bigint`,
    [at, at, STALE_S, id],
  );
}

const KEPT = "interval '1 hour'";

const SWEPT_AT_ONCE = 5_000;

/** Deletes a share of the turns that stand in nobody's way any more. */
export async function sweepTurns(): Promise<{ forgotten: number }> {
  const rows: unknown[] = await database().execute(
    `delete from mail_turn where (user_id, topic) in (
       select user_id, topic from mail_turn where taken_at <= now() - ${KEPT}
        order by taken_at limit ?)
     returning 1`,
    [SWEPT_AT_ONCE],
  );
  return { forgotten: rows.length };
}

function takeTurn({ id }: Order, { userId, topic }: MailMessage): Promise<boolean> {
  return take({ id, userId, topic });
}

type Taking = Order & Pick<MailMessage, "userId" | "topic">;

const take = inBatches<Taking, boolean>({
  most: MAILS_AT_ONCE,
  inFlight: 1,
  async run(orders) {
    const taken = new Set<string>();
    // A statement takes a turn once; of a loop that is in one batch the next ones find it taken.
    for (let rest = orders; rest.length > 0; ) {
      const first = new Map(rest.toReversed().map((one) => [`${one.userId} ${one.topic}`, one]));
      const now = [...first.values()];
      for (const { id } of await takeEach(now)) taken.add(id);
      rest = rest.filter((one) => !now.includes(one));
    }
    return orders.map(({ id }) => taken.has(id));
  },
});

async function takeEach(orders: Taking[]): Promise<Order[]> {
  const parameters = [
    `{${orders.map(({ id }) => id).join()}}`,
    `{${orders.map(({ userId }) => userId).join()}}`,
    textArray(orders.map(({ topic }) => topic ?? null)),
  ];
  const byIndex = { sql: `select ${BY_INDEX_SQL}`, parameters: [] };
  const [, taken] = await inOneTrip([byIndex, { sql: TAKE, parameters }]);
  return taken as Order[];
}

/** Row and mail end in one transaction: a row that is done and has no mail will never have one. */
const TAKE = `
insert into mail_turn (user_id, topic, outbox_id)
select user_id, topic, id
  from unnest(?::bigint[], ?::uuid[], ?::text[]) as i(id, user_id, topic)
 order by user_id, topic
on conflict (user_id, topic) do update set outbox_id = excluded.outbox_id, taken_at = now()
  where mail_turn.outbox_id = excluded.outbox_id
    or mail_turn.taken_at <= now() - ${KEPT}
    or exists (
      select from outbox o where o.id = mail_turn.outbox_id and o.done_at is not null
        and not exists (select from mail_box m where m.dedupe_key = o.dedupe_key))
returning outbox_id::text as id`;

async function findNextTurn({ userId, topic }: MailMessage): Promise<Date> {
  const [next] = await database().execute<{ at: string }[]>(
    `select case when o.done_at is null then now() + interval '1 minute'
                 else t.taken_at + ${KEPT} end as at
       from mail_turn t left join outbox o on o.id = t.outbox_id
      where t.user_id = ? and t.topic = ?`,
    [userId, topic],
  );
  return next ? new Date(next.at) : new Date();
}
