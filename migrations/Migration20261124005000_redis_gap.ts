import { Migration } from "@mikro-orm/migrations";

export class Migration20261124005000_redis_gap extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "competition" add column "seat_epoch" int not null default 0;`);

    this.addSql(
      `create table "redis_gap" ("registration_id" uuid not null, "competition_id" uuid not null, "noted_at" timestamptz(3) not null default clock_timestamp(), constraint "redis_gap_pkey" primary key ("registration_id"));`,
    );
    this.addSql(`create index "redis_gap_noted_index" on "redis_gap" ("noted_at");`);
    this.addSql(
      `alter table "redis_gap" add constraint "redis_gap_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete cascade;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "redis_gap" cascade;`);

    this.addSql(`alter table "competition" drop column "seat_epoch";`);
  }
}
