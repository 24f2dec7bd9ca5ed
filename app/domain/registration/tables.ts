import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "../accounts/tables";
import { Competition } from "../competitions/tables";

/**
 * One row for each seat, exactly `capacity` rows for each competition. A registration's foreign key to its
 * seat, and the seat's uniqueness among registrations, keep the confirmed ones within capacity whatever
 * Redis, a crash or a bug says.
 */
export const Seat = defineEntity({
  name: "Seat",
  tableName: "seat",
  properties: {
    /** Without a foreign key: checking it row by row took most of the time of making seats. */
    competition: () =>
      p.manyToOne(Competition).ref().primary().createForeignKeyConstraint(false).index(false),
    seatNo: p.integer().primary().autoincrement(false),
  },
  checks: [{ name: "seat_no_check", expression: "seat_no > 0" }],
});

export type Seat = InferEntity<typeof Seat>;

export const Registration = defineEntity({
  name: "Registration",
  tableName: "registration",
  properties: {
    id: p.uuid().primary(),
    competition: () => p.manyToOne(Competition).ref().deleteRule("restrict").index(false),
    user: () => p.manyToOne(User).ref().deleteRule("restrict").index(false),
    status: p.enum(["CONFIRMED", "WAITLISTED", "CANCELLED"]),
    seatNo: p.integer().nullable(),
    // Shares the competition's column; its foreign key is what bounds registrations by capacity.
    seat: () =>
      p
        .manyToOne(Seat)
        .ref()
        .nullable()
        .joinColumns("competition_id", "seat_no")
        .deleteRule("restrict")
        .index(false),
    /** The number in line, kept for ever: the lower came first. Null where nobody had to wait. */
    lineNo: p.integer().nullable(),
    /** When somebody in line got their seat. */
    promotedAt: p.datetime(3).nullable(),
    /** Who cancelled it, and why, unless it was the participant. */
    cancelledBy: () => p.manyToOne(User).ref().nullable().deleteRule("restrict").index(false),
    cancelReason: p.string().length(1000).nullable(),
    registeredAt: p.datetime(3),
    updatedAt: p.datetime(3).defaultRaw("now()"),
  },
  checks: [
    {
      name: "registration_confirmed_has_seat_check",
      expression: "(status = 'CONFIRMED') = (seat_no is not null)",
    },
    { name: "registration_line_no_check", expression: "line_no > 0" },
    {
      name: "registration_waiting_has_number_check",
      expression: "status <> 'WAITLISTED' or line_no is not null",
    },
    {
      name: "registration_promoted_waited_check",
      expression: "promoted_at is null or line_no is not null",
    },
  ],
  triggers: [
    {
      // The previous release does not know the line, and would let people walk past it: Postgres leaves
      // those out. Only `commit.ts` sets this setting, and it checks by itself. The next release drops it.
      name: "passes_nobody",
      timing: "before",
      events: ["insert"],
      when: "(COALESCE(current_setting('registration.locked'::text, true), ''::text) = ''::text)",
      body: `if new.status = 'CONFIRMED' and new.registered_at > now() - interval '1 minute' and exists (select from registration w where w.competition_id = new.competition_id and w.status = 'WAITLISTED' and w.user_id <> new.user_id) then return null; end if; return new`,
    },
  ],
  uniques: [{ name: "registration_seat_unique", properties: ["competition", "seatNo"] }],
  indexes: [
    {
      name: "registration_one_active_unique",
      expression: `create unique index "registration_one_active_unique" on "registration" ("competition_id", "user_id") where status <> 'CANCELLED'`,
    },
    {
      // Seats that nobody waited for are not in it, and so cost it nothing.
      name: "registration_line_unique",
      expression: `create unique index "registration_line_unique" on "registration" ("competition_id", "line_no") where line_no is not null`,
    },
    {
      name: "registration_line_index",
      expression: `create index "registration_line_index" on "registration" ("competition_id", "line_no") where status = 'WAITLISTED'`,
    },
    { name: "registration_user_index", properties: ["user", "registeredAt"] },
    { name: "registration_updated_index", properties: ["updatedAt"] },
    {
      name: "registration_cancelled_index",
      expression: `create index "registration_cancelled_index" on "registration" ("updated_at") where status = 'CANCELLED'`,
    },
  ],
});

export type Registration = InferEntity<typeof Registration>;

/** A final answer under a client's key, kept for 24 hours and replayed byte for byte. */
export const StoredAnswer = defineEntity({
  name: "StoredAnswer",
  tableName: "stored_answer",
  properties: {
    user: () => p.manyToOne(User).ref().primary().deleteRule("cascade").index(false),
    /** What the key was used on: the competition's id. */
    scope: p.uuid().primary(),
    key: p.string().length(255).primary(),
    fingerprint: p.string().length(64),
    registrationId: p.uuid(),
    /** The part of the answer that is stored nowhere else; all of it where there is no edition. */
    body: p.text(),
    /** Null in answers of the previous release; the next one makes it required. */
    edition: p.string().length(22).nullable(),
    createdAt: p.datetime(3).defaultRaw("now()"),
  },
  indexes: [
    { name: "stored_answer_created_index", properties: ["createdAt"] },
    { name: "stored_answer_scope_index", properties: ["scope"] },
  ],
});

export type StoredAnswer = InferEntity<typeof StoredAnswer>;

/**
 * What answers say of a competition, stored once for each edit. No foreign key leads here: simultaneous
 * registrations would all lock the same row. Deleted an hour after the last answer that may need it.
 */
export const CompetitionEdition = defineEntity({
  name: "CompetitionEdition",
  tableName: "competition_edition",
  properties: {
    /** A digest of the body. */
    id: p.string().length(22).primary(),
    body: p.text(),
    /** When it was last stored, to the hour. */
    usedAt: p.datetime(3).defaultRaw("now()"),
  },
});

export type CompetitionEdition = InferEntity<typeof CompetitionEdition>;

/**
 * The address of a person's calendar of what they registered for. Anyone who knows the address may read
 * it, so only the SHA-256 of its secret is stored. A new one replaces the old one.
 */
export const CalendarFeed = defineEntity({
  name: "CalendarFeed",
  tableName: "calendar_feed",
  properties: {
    user: () => p.manyToOne(User).ref().primary().deleteRule("cascade").index(false),
    secretHash: p.string().length(64).unique("calendar_feed_secret_unique"),
    createdAt: p.datetime(3).defaultRaw("now()"),
  },
});

export type CalendarFeed = InferEntity<typeof CalendarFeed>;

/**
 * A registration that Redis may not have heard of, because it was made without Redis. Noted in its
 * transaction, so that processes that do have a Redis learn of it. Kept for a minute.
 */
export const RedisGap = defineEntity({
  name: "RedisGap",
  tableName: "redis_gap",
  properties: {
    registrationId: p.uuid().primary(),
    competition: () => p.manyToOne(Competition).ref().deleteRule("cascade").index(false),
    notedAt: p.datetime(3).defaultRaw("clock_timestamp()"),
  },
  indexes: [{ name: "redis_gap_noted_index", properties: ["notedAt"] }],
});

export type RedisGap = InferEntity<typeof RedisGap>;
