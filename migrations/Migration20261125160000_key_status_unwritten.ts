import { Migration } from "@mikro-orm/migrations";

/**
 * Only answers of registrations are stored, so the column held 201 in every row and nobody read it.
 * It is not dropped yet: during a rolling update the processes of the release before still write it.
 */
export class Migration20261125160000_key_status_unwritten extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "idempotency_key" alter column "status" drop not null;`);
  }

  override async down(): Promise<void> {
    this.addSql(`update "idempotency_key" set "status" = 201 where "status" is null;`);
    this.addSql(`alter table "idempotency_key" alter column "status" set not null;`);
  }
}
