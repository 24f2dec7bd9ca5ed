import { Migration } from "@mikro-orm/migrations";

/**
 * Since when there is something to tell of time or place: who came after that, and before the last change, was
 * told something in between. The release before leaves it to the default.
 */
export class Migration20261126059000_change_noted extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "competition_change" add column "noted_at" timestamptz(3) not null default now();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "competition_change" drop column "noted_at";`);
  }
}
