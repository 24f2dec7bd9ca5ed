import { Migration } from "@mikro-orm/migrations";

/**
 * What a mail cost PostgreSQL for nothing. Whatever looked for orders by `outbox_waiting_index` looks for those
 * of each class now, and two of an order's three versions were entered there. The release before finds
 * orders by the other index, and sorts what it finds.
 *
 * Nothing asks what a mail says, so statistics of it are of no use, and took long to make.
 */
export class Migration20261126058000_leaner_mail extends Migration {
  override async up(): Promise<void> {
    this.addSql(`drop index "outbox_waiting_index";`);
    this.addSql(
      `alter table "mail_box" alter column "body" set statistics 0, alter column "html" set statistics 0, alter column "calendar" set statistics 0;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(
      `alter table "mail_box" alter column "body" set statistics -1, alter column "html" set statistics -1, alter column "calendar" set statistics -1;`,
    );
    this.addSql(
      `create index "outbox_waiting_index" on "outbox" ("enqueued_at" nulls first, "id") where done_at is null and dead_at is null;`,
    );
  }
}
