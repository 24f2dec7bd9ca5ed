import { Migration } from "@mikro-orm/migrations";

/** Only answers of registrations are stored, so the column held 201 in every row and nobody read it. */
export class Migration20261125160000_no_key_status extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "idempotency_key" drop column "status";`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "idempotency_key" add column "status" smallint not null default 201;`);
  }
}
