import { Migration } from "@mikro-orm/migrations";

/** Competitions in the order of their days and of their openings; organizers to look for by name. */
export class Migration20261126056000_by_day extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create index "competition_day_index" on "competition" (greatest("start_date", "reg_deadline"), "id") where deleted_at is null;`,
    );
    this.addSql(
      `create index "competition_opening_index" on "competition" ("opens_at", "id") where deleted_at is null and opens_at is not null;`,
    );
    this.addSql(`create index "user_organizer_index" on "user" ("id") where role = 'ORGANIZER';`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "user_organizer_index";`);
    this.addSql(`drop index "competition_opening_index";`);
    this.addSql(`drop index "competition_day_index";`);
  }
}
