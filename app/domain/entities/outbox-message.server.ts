import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

/** Mail that must leave, written in the same transaction as what it tells about. */
export const OutboxMessage = defineEntity({
  name: "OutboxMessage",
  tableName: "outbox",
  properties: {
    id: p.bigint("string").primary().autoincrement(),
    dedupeKey: p.string().length(200).unique("outbox_dedupe_key_unique"),
    kind: p.string().length(60),
    /** Ids only, never addresses. */
    payload: p.json<Record<string, string>>(),
    createdAt: p.datetime(3).defaultRaw("now()"),
    enqueuedAt: p.datetime(3).nullable(),
    /** Part of the job's id: counts how often the row was handed to the queue. */
    generation: p.integer().default(0),
    doneAt: p.datetime(3).nullable(),
    deadAt: p.datetime(3).nullable(),
  },
  indexes: [
    {
      name: "outbox_waiting_index",
      expression: `create index "outbox_waiting_index" on "outbox" ("enqueued_at" nulls first, "id") where done_at is null and dead_at is null`,
    },
  ],
});

export type OutboxMessage = InferEntity<typeof OutboxMessage>;
