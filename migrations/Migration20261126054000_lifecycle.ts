import { Migration } from "@mikro-orm/migrations";

/**
 * Drafts, cancellations, and changes that people are told of. All that exists is published, and so is
 * what the release before creates. That release knows neither drafts, which have no seats that it could
 * give away, nor cancellations: those are kept from the moment on at which its last process has ended.
 */
export class Migration20261126054000_lifecycle extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "competition" add column "published_at" timestamptz(3) null default now(), add column "cancelled_at" timestamptz(3) null, add column "cancel_message" varchar(1000) null;`,
    );
    this.addSql(
      `create table "competition_change" ("id" uuid not null, "competition_id" uuid not null, "was" jsonb not null, "becomes" jsonb null, "changed_at" timestamptz(3) not null default clock_timestamp(), "told_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "competition_change_untold_unique" on "competition_change" ("competition_id") where told_at is null;`,
    );
    this.addSql(
      `create index "competition_change_competition_index" on "competition_change" ("competition_id", "told_at");`,
    );
    this.addSql(
      `alter table "competition_change" add constraint "competition_change_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete cascade;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table "competition_change";`);
    // The release before shows everything: what nobody was to see, or does not take place, is deleted.
    this.addSql(
      `update "competition" set "deleted_at" = now() where "deleted_at" is null and ("published_at" is null or "cancelled_at" is not null);`,
    );
    this.addSql(
      `alter table "competition" drop column "published_at", drop column "cancelled_at", drop column "cancel_message";`,
    );
  }
}
