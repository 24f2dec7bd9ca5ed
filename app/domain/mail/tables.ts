import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "../accounts/tables";

/** Mail that must leave, written in the same transaction as what it is about. */
export const OutboxMessage = defineEntity({
  name: "OutboxMessage",
  tableName: "outbox",
  properties: {
    id: p.bigint("string").primary().autoincrement(),
    dedupeKey: p.string().length(200).unique("outbox_dedupe_key_unique"),
    kind: p.string().length(60),
    /** How urgent it is (`MAIL_CLASS`): 0 comes before all others. */
    class: p.smallint().default(0),
    /** Ids only, never addresses. */
    payload: p.json<Record<string, string>>(),
    createdAt: p.datetime(3).defaultRaw("now()"),
    enqueuedAt: p.datetime(3).nullable(),
    /** Until when its mail has to wait its turn. */
    notBefore: p.datetime(3).nullable(),
    /** Part of the job's id: counts how often the row was handed to the queue. */
    generation: p.integer().default(0),
    doneAt: p.datetime(3).nullable(),
    deadAt: p.datetime(3).nullable(),
    /** Whose request ordered it, and its trace (W3C). */
    requestId: p.string().length(64).nullable(),
    traceParent: p.string().length(55).nullable(),
  },
  indexes: [
    {
      name: "outbox_class_index",
      expression: `create index "outbox_class_index" on "outbox" ("class", "enqueued_at" nulls first, "id") where done_at is null and dead_at is null`,
    },
  ],
});

export type OutboxMessage = InferEntity<typeof OutboxMessage>;

/** The mail a user was sent, as they read it at `/mailbox`. */
export const Mail = defineEntity({
  name: "Mail",
  tableName: "mail_box",
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).ref().deleteRule("cascade").index(false),
    to: p.string().length(254),
    subject: p.string().length(300),
    body: p.text(),
    /** The same for SMTP; empty where it does not leave. */
    html: p.text(),
    /** The event that goes along by SMTP (RFC 5545). */
    calendar: p.text().nullable(),
    sentAt: p.datetime(3).defaultRaw("now()"),
    jobId: p.string().length(100).nullable(),
    dedupeKey: p.string().length(200).unique("mail_box_dedupe_key_unique"),
  },
  indexes: [
    { name: "mail_box_newest_index", properties: ["user", "sentAt", "id"] },
    { name: "mail_box_sent_index", properties: ["sentAt"] },
    {
      name: "mail_box_subject_index",
      expression: `create index "mail_box_subject_index" on "mail_box" ("user_id", (left(plain_words("subject"), 100) collate "C"), "id") include ("subject", "sent_at")`,
    },
  ],
});

export type Mail = InferEntity<typeof Mail>;

/** Everything that a mail's way to the SMTP server may be. */
export const DELIVERY_STATES = [
  "queued",
  /** The server has all of it but its answer. */
  "sending",
  "sent",
  /** For good, or given up after `SMTP_RETRY_HOURS`. */
  "refused",
  /** The server may have taken it; nobody heard. */
  "unknown",
  "waits_for_verification",
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/**
 * What becomes of a mail on its way to the SMTP server. A mail without a row goes into the mailbox
 * only.
 */
export const MailDelivery = defineEntity({
  name: "MailDelivery",
  tableName: "mail_delivery",
  properties: {
    mail: () => p.manyToOne(Mail).ref().primary().deleteRule("cascade").index(false),
    state: p.enum([...DELIVERY_STATES]),
    /** Why it has not left yet, or never will: a word of `SmtpTrouble`, or `gave_up`. */
    reason: p.string().length(40).nullable(),
    /** What the server answered last: `451 4.7.1`. */
    smtpCode: p.string().length(20).nullable(),
    /** Counts claims, and so tells an attempt from those before it. */
    attempts: p.integer().default(0),
    /** Failures since it was queued, or replayed: they say how long to wait. */
    failures: p.integer().default(0),
    /** How often it was handed over and the server never said whether it took it. */
    unanswered: p.integer().default(0),
    /** When its hours began. */
    queuedAt: p.datetime(3).defaultRaw("now()"),
    /** When to try; of one that is claimed or on its way, when to count with its worker no longer. */
    nextAt: p.datetime(3).defaultRaw("now()"),
    changedAt: p.datetime(3).defaultRaw("now()"),
  },
  indexes: [
    {
      name: "mail_delivery_open_index",
      expression: `create index "mail_delivery_open_index" on "mail_delivery" ("state", "next_at") where state <> 'sent'`,
    },
  ],
});

export type MailDelivery = InferEntity<typeof MailDelivery>;

/** Which order's mail told a person of a topic last, kept for an hour: until then others wait. */
export const MailTurn = defineEntity({
  name: "MailTurn",
  tableName: "mail_turn",
  properties: {
    userId: p.uuid().primary(),
    topic: p.string().length(100).primary(),
    outboxId: p.bigint("string"),
    takenAt: p.datetime(3).defaultRaw("now()"),
  },
  indexes: [{ name: "mail_turn_taken_index", properties: ["takenAt"] }],
});

export type MailTurn = InferEntity<typeof MailTurn>;

/** A dead letter: a job that failed for good, kept for 90 days, in which somebody may replay it. */
export const FailedJob = defineEntity({
  name: "FailedJob",
  tableName: "failed_job",
  properties: {
    id: p.uuid().primary(),
    jobName: p.string().length(100),
    /** The queue's id of the job: one dead letter per job, however often its failure is noticed. */
    jobId: p.string().length(100).unique("failed_job_job_id_unique"),
    jobData: p.json<Record<string, unknown>>(),
    error: p.text(),
    attempts: p.integer(),
    failedAt: p.datetime(3).defaultRaw("now()"),
    replayedAt: p.datetime(3).nullable(),
    requestId: p.string().length(64).nullable(),
  },
  indexes: [{ name: "failed_job_failed_index", properties: ["failedAt"] }],
});

export type FailedJob = InferEntity<typeof FailedJob>;
