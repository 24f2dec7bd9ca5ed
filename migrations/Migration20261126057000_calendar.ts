import { Migration } from "@mikro-orm/migrations";

/**
 * What calendars need: how often a competition has changed for them (counted by a trigger, since a
 * process of the release before edits without knowing of it), the event that a mail carries, and the
 * address of a person's own calendar.
 */
export class Migration20261126057000_calendar extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "calendar_feed" ("user_id" uuid not null, "secret_hash" varchar(64) not null, "created_at" timestamptz(3) not null default now(), constraint "calendar_feed_pkey" primary key ("user_id"));`,
    );
    this.addSql(
      `alter table "calendar_feed" add constraint "calendar_feed_secret_unique" unique ("secret_hash");`,
    );
    this.addSql(
      `alter table "calendar_feed" add constraint "calendar_feed_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(`alter table "mail_box" add column "calendar" text null;`);

    this.addSql(`alter table "competition" add column "calendar_sequence" int not null default 0;`);
    this.addSql(
      `create function "competition_counts_calendar_changes_fn"() returns trigger as $$ begin if (old.title, old.start_date, old.ends_at, old.location, old.deleted_at) is distinct from (new.title, new.start_date, new.ends_at, new.location, new.deleted_at) then new.calendar_sequence := old.calendar_sequence + 1; end if; return new; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "counts_calendar_changes" before update on "competition" for each row execute function "competition_counts_calendar_changes_fn"();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger "counts_calendar_changes" on "competition";`);
    this.addSql(`drop function "competition_counts_calendar_changes_fn"();`);
    this.addSql(`alter table "competition" drop column "calendar_sequence";`);

    this.addSql(`alter table "mail_box" drop column "calendar";`);

    this.addSql(`drop table "calendar_feed";`);
  }
}
