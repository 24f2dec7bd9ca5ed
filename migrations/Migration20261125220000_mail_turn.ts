import { Migration } from "@mikro-orm/migrations";

export class Migration20261125220000_mail_turn extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "mail_turn" ("user_id" uuid not null, "topic" varchar(100) not null, "outbox_id" bigint not null, "taken_at" timestamptz(3) not null default now(), primary key ("user_id", "topic"));`,
    );
    this.addSql(`create index "mail_turn_taken_index" on "mail_turn" ("taken_at");`);

    this.addSql(`alter table "outbox" add "not_before" timestamptz(3) null;`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "mail_turn" cascade;`);

    this.addSql(`alter table "outbox" drop column "not_before";`);
  }
}
