import { Migration } from "@mikro-orm/migrations";

/**
 * Making 100,000 seats took seconds, most of it to check each one's competition. A registration has
 * foreign keys to its competition and to its seat; those are what bounds it. The indexes are for what
 * the worker deletes when its time is over (docs/data.md).
 */
export class Migration20261125190000_bounded_storage extends Migration {
  override async up(): Promise<void> {
    this.addSql(`create index "mail_box_sent_index" on "mail_box" ("sent_at");`);
    this.addSql(
      `create index "competition_deleted_index" on "competition" ("deleted_at", "id") where deleted_at is not null;`,
    );
    this.addSql(
      `create index "registration_cancelled_index" on "registration" ("updated_at") where status = 'CANCELLED';`,
    );
    // Last, since until the end of the migration nobody can register.
    this.addSql(`alter table "seat" drop constraint "seat_competition_id_foreign";`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "mail_box_sent_index";`);
    this.addSql(`drop index "registration_cancelled_index";`);
    this.addSql(`drop index "competition_deleted_index";`);
    this.addSql(
      `delete from "seat" s where not exists (select from "competition" c where c.id = s.competition_id);`,
    );
    this.addSql(
      `alter table "seat" add constraint "seat_competition_id_foreign" foreign key ("competition_id") references "competition" ("id") on update cascade on delete cascade;`,
    );
  }
}
