import { Migration } from "@mikro-orm/migrations";

export class Migration20261122170045_initial extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "failed_job" ("id" uuid not null, "job_name" varchar(100) not null, "job_id" varchar(100) not null, "job_data" jsonb not null, "error" text not null, "attempts" int not null, "failed_at" timestamptz(3) not null default now(), "replayed_at" timestamptz(3) null, constraint "failed_job_pkey" primary key ("id"));`,
    );
    this.addSql(
      `alter table "failed_job" add constraint "failed_job_job_id_unique" unique ("job_id");`,
    );
    this.addSql(`create index "failed_job_failed_index" on "failed_job" ("failed_at");`);

    this.addSql(
      `create table "outbox" ("id" bigserial primary key, "dedupe_key" varchar(200) not null, "kind" varchar(60) not null, "payload" jsonb not null, "created_at" timestamptz(3) not null default now(), "enqueued_at" timestamptz(3) null, "generation" int not null default 0, "done_at" timestamptz(3) null, "dead_at" timestamptz(3) null);`,
    );
    this.addSql(
      `alter table "outbox" add constraint "outbox_dedupe_key_unique" unique ("dedupe_key");`,
    );
    this.addSql(
      `create index "outbox_waiting_index" on "outbox" ("enqueued_at" nulls first, "id") where done_at is null and dead_at is null;`,
    );

    this.addSql(
      `create table "user" ("id" uuid not null, "email" varchar(254) not null, "password_hash" varchar(100) not null, "name" varchar(100) not null, "role" text check ("role" in ('PARTICIPANT', 'ORGANIZER')) not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), constraint "user_pkey" primary key ("id"), constraint user_email_lower_check check (email = lower(email)));`,
    );
    this.addSql(`alter table "user" add constraint "user_email_unique" unique ("email");`);

    this.addSql(
      `create table "session" ("id" uuid not null, "user_id" uuid not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, constraint "session_pkey" primary key ("id"));`,
    );
    this.addSql(`create index "session_user_index" on "session" ("user_id");`);
    this.addSql(`create index "session_expires_index" on "session" ("expires_at");`);

    this.addSql(
      `create table "mail_box" ("id" uuid not null, "user_id" uuid not null, "to" varchar(254) not null, "subject" varchar(300) not null, "body" text not null, "html" text not null, "sent_at" timestamptz(3) not null default now(), "job_id" varchar(100) null, "dedupe_key" varchar(200) not null, constraint "mail_box_pkey" primary key ("id"));`,
    );
    this.addSql(
      `alter table "mail_box" add constraint "mail_box_dedupe_key_unique" unique ("dedupe_key");`,
    );
    this.addSql(`create index "mail_box_newest_index" on "mail_box" ("user_id", "sent_at", "id");`);

    this.addSql(
      `create table "idempotency_key" ("user_id" uuid not null, "scope" uuid not null, "key" varchar(255) not null, "fingerprint" varchar(64) not null, "registration_id" uuid not null, "status" smallint not null, "body" text not null, "created_at" timestamptz(3) not null default now(), constraint "idempotency_key_pkey" primary key ("user_id", "scope", "key"));`,
    );
    this.addSql(
      `create index "idempotency_key_created_index" on "idempotency_key" ("created_at");`,
    );
    this.addSql(`create index "idempotency_key_scope_index" on "idempotency_key" ("scope");`);

    this.addSql(
      `create table "competition" ("id" uuid not null, "title" varchar(200) not null, "description" text not null, "tags" text[] not null default '{}', "capacity" int not null, "reg_deadline" timestamptz(3) not null, "start_date" timestamptz(3) null, "created_by_id" uuid not null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "deleted_at" timestamptz(3) null, constraint "competition_pkey" primary key ("id"), constraint competition_capacity_check check (capacity >= 1 and capacity <= 100000));`,
    );
    this.addSql(`create index "competition_newest_index" on "competition" ("created_at", "id");`);
    this.addSql(`create index "competition_created_by_index" on "competition" ("created_by_id");`);
    this.addSql(`create index "competition_start_index" on "competition" ("start_date");`);
    this.addSql(`create index "competition_updated_index" on "competition" ("updated_at");`);
    this.addSql(`create index "competition_tags_index" on "competition" using gin ("tags");`);

    this.addSql(
      `create table "seat" ("competition_id" uuid not null, "seat_no" int not null, constraint "seat_pkey" primary key ("competition_id", "seat_no"), constraint seat_no_check check (seat_no > 0));`,
    );

    this.addSql(
      `create table "registration" ("id" uuid not null, "competition_id" uuid not null, "user_id" uuid not null, "status" text check ("status" in ('CONFIRMED', 'WAITLISTED', 'CANCELLED')) not null, "seat_no" int null, "registered_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null default now(), constraint "registration_pkey" primary key ("id"), constraint registration_confirmed_has_seat_check check ((status = 'CONFIRMED') = (seat_no is not null)));`,
    );
    this.addSql(
      `create unique index "registration_one_active_unique" on "registration" ("competition_id", "user_id") where status <> 'CANCELLED';`,
    );
    this.addSql(
      `create index "registration_user_index" on "registration" ("user_id", "registered_at");`,
    );
    this.addSql(`create index "registration_updated_index" on "registration" ("updated_at");`);
    this.addSql(
      `alter table "registration" add constraint "registration_seat_unique" unique ("competition_id", "seat_no");`,
    );

    this.addSql(
      `alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "mail_box" add constraint "mail_box_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "competition" add constraint "competition_created_by_id_foreign" foreign key ("created_by_id") references "user" ("id") on update cascade on delete restrict;`,
    );

    this.addSql(
      `alter table "seat" add constraint "seat_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "registration" add constraint "registration_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete restrict;`,
    );
    this.addSql(
      `alter table "registration" add constraint "registration_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete restrict;`,
    );
    this.addSql(
      `alter table "registration" add constraint "registration_competition_id_seat_no_foreign" foreign key ("competition_id", "seat_no") references "seat" ("competition_id", "seat_no") on update cascade on delete restrict;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "session" drop constraint "session_user_id_foreign";`);

    this.addSql(`alter table "mail_box" drop constraint "mail_box_user_id_foreign";`);

    this.addSql(`alter table "idempotency_key" drop constraint "idempotency_key_user_id_foreign";`);

    this.addSql(`alter table "competition" drop constraint "competition_created_by_id_foreign";`);

    this.addSql(`alter table "registration" drop constraint "registration_user_id_foreign";`);

    this.addSql(`alter table "seat" drop constraint "seat_competition_id_foreign";`);

    this.addSql(
      `alter table "registration" drop constraint "registration_competition_id_foreign";`,
    );

    this.addSql(
      `alter table "registration" drop constraint "registration_competition_id_seat_no_foreign";`,
    );

    this.addSql(`drop table if exists "failed_job" cascade;`);

    this.addSql(`drop table if exists "outbox" cascade;`);

    this.addSql(`drop table if exists "user" cascade;`);

    this.addSql(`drop table if exists "session" cascade;`);

    this.addSql(`drop table if exists "mail_box" cascade;`);

    this.addSql(`drop table if exists "idempotency_key" cascade;`);

    this.addSql(`drop table if exists "competition" cascade;`);

    this.addSql(`drop table if exists "seat" cascade;`);

    this.addSql(`drop table if exists "registration" cascade;`);
  }
}
