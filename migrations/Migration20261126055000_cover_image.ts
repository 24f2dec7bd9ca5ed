import { Migration } from "@mikro-orm/migrations";

/** Pictures of competitions for previews of links. The release before neither writes nor reads them. */
export class Migration20261126055000_cover_image extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table "cover_image" ("competition_id" uuid not null, "look" varchar(22) not null, "png" bytea not null, "drawn_at" timestamptz(3) not null default now(), primary key ("competition_id"));`,
    );
    this.addSql(
      `alter table "cover_image" add constraint "cover_image_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete cascade;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table "cover_image";`);
  }
}
