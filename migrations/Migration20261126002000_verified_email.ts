import { Migration } from "@mikro-orm/migrations";

export class Migration20261126002000_verified_email extends Migration {
  override async up(): Promise<void> {
    // The default is the backfill, without writing a row: whoever is there counts as verified.
    this.addSql(`alter table "user" add "verified_at" timestamptz(3) null default now();`);

    this.addSql(
      `create table "account_token" ("id" uuid not null, "user_id" uuid not null, "purpose" text check ("purpose" in ('verify_email')) not null, "hash" varchar(64) not null, "code_hash" varchar(64) not null, "attempts" int not null default 0, "email" varchar(254) not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, "used_at" timestamptz(3) null, constraint "account_token_pkey" primary key ("id"));`,
    );
    this.addSql(
      `alter table "account_token" add constraint "account_token_hash_unique" unique ("hash");`,
    );
    this.addSql(`create index "account_token_user_index" on "account_token" ("user_id");`);
    this.addSql(`create index "account_token_expires_index" on "account_token" ("expires_at");`);
    this.addSql(
      `alter table "account_token" add constraint "account_token_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "account_token" cascade;`);

    this.addSql(`alter table "user" drop column "verified_at";`);
  }
}
