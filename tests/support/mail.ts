import { expect } from "vitest";
import { claimDueMail, closeMailQueue, sendClaimed } from "~/domain/mail/index.server";
import { register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { closeEverything, createPerson, openCompetition, type Person, unhurried } from "./fixtures";

/** Somebody who has just registered, with the outbox row of the confirmation. */
export async function registerSomebody({
  competitionId,
  title,
}: {
  competitionId?: string;
  title?: string;
} = {}): Promise<{
  user: Person;
  competitionId: string;
  registrationId: string;
  outboxId: string;
}> {
  const id = competitionId ?? (await openCompetition({ title }));
  const user = await createPerson();
  const origin = { requestId: `of-${user.id}` };
  const result = await register({ user, competitionId: id, origin });
  if (result.status !== "registered") throw new Error(`not registered: ${result.status}`);
  const registrationId = result.body.id;
  const outboxId = await outboxIdOf(`confirmation:${registrationId}`);
  return { user, competitionId: id, registrationId, outboxId };
}

export async function outboxIdOf(dedupeKey: string): Promise<string> {
  const [row] = await database().execute<{ id: string }[]>(
    "select id::text from outbox where dedupe_key = ?",
    [dedupeKey],
  );
  expect(row, dedupeKey).toBeDefined();
  return row?.id ?? "";
}

export interface OutboxState {
  generation: number;
  enqueued: boolean;
  done: boolean;
  dead: boolean;
}

export async function outboxState(outboxId: string): Promise<OutboxState | undefined> {
  const [row] = await database().execute<OutboxState[]>(
    `select generation, enqueued_at is not null as enqueued, done_at is not null as done,
            dead_at is not null as dead from outbox where id = ?::bigint`,
    [outboxId],
  );
  return row;
}

/** Subjects of all mail with this registration's confirmation key, or part of it. */
export async function confirmationsOf(registrationId: string): Promise<number> {
  const [row] = await database().execute<{ count: number }[]>(
    "select count(*)::int as count from mail_box where dedupe_key like ?",
    [`confirmation:${registrationId}%`],
  );
  return row?.count ?? 0;
}

/** Tries everything once that is due at the SMTP server. @returns what became of each */
export async function sendDue(): Promise<string[]> {
  const mails = await claimDueMail({ limit: 100 });
  const outcomes = await Promise.all(mails.map((mail) => sendClaimed(mail)));
  return outcomes.map(({ result }) => result);
}

/** What is known of a registration's confirmation on its way to the SMTP server. */
export async function deliveryState(registrationId: string) {
  const [row] = await database().execute<
    { state: string; reason: string | null; code: string | null; failures: number; wait: number }[]
  >(
    `select d.state, d.reason, d.smtp_code as code, d.failures,
            extract(epoch from d.next_at - now())::float8 as wait
       from mail_delivery d join mail_box m on m.id = d.mail_id where m.dedupe_key = ?`,
    [`confirmation:${registrationId}`],
  );
  return row;
}

/** As if everything on its way to the SMTP server had happened that long ago. */
export async function letDeliveriesPass(seconds: number): Promise<void> {
  await database().execute(
    `update mail_delivery set next_at = next_at - make_interval(secs => ?),
            queued_at = queued_at - make_interval(secs => ?)`,
    [seconds, seconds],
  );
}

/** Makes rows that the relay has to hand over, of mail that nobody needs. */
export async function fillOutbox(count: number): Promise<void> {
  await unhurried(
    `insert into outbox (dedupe_key, kind, payload)
     select 'filler:' || gen_random_uuid(), 'registration.confirmed',
            jsonb_build_object('registrationId', gen_random_uuid())
       from generate_series(1, ?::int)`,
    [count],
  );
}

/** Closes what the app modules opened, the mail queue included. */
export async function closeMailAndEverything(): Promise<void> {
  await closeMailQueue();
  await closeEverything();
}
