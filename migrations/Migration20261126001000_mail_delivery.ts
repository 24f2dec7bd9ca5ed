import { Migration } from "@mikro-orm/migrations";

/**
 * Apart from `mail_box`, since it changes several times for each mail and mail is long. A worker of
 * the release before writes no row here: it has sent its mail by then.
 */
export class Migration20261126001000_mail_delivery extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "mail_delivery" ("mail_id" uuid not null, "state" text not null, "reason" varchar(40) null, "smtp_code" varchar(20) null, "attempts" int not null default 0, "failures" int not null default 0, "unanswered" int not null default 0, "queued_at" timestamptz(3) not null default now(), "next_at" timestamptz(3) not null default now(), "changed_at" timestamptz(3) not null default now(), primary key ("mail_id"));`,
    );
    this.addSql(
      `create index "mail_delivery_open_index" on "mail_delivery" ("state", "next_at") where state <> 'sent';`,
    );

    this.addSql(
      `alter table "mail_delivery" add constraint "mail_delivery_mail_id_foreign" foreign key ("mail_id") references "mail_box" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "mail_delivery" add constraint "mail_delivery_state_check" check ("state" in ('queued', 'sending', 'sent', 'refused', 'unknown', 'waits_for_verification'));`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "mail_delivery" cascade;`);
  }
}
