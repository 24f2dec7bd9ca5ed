import { Migration } from "@mikro-orm/migrations";

export class Migration20261126003000_origin extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "outbox" add "request_id" varchar(64) null, add "trace_parent" varchar(55) null;`,
    );

    this.addSql(`alter table "failed_job" add "request_id" varchar(64) null;`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table "outbox" drop column "request_id", drop column "trace_parent";`);

    this.addSql(`alter table "failed_job" drop column "request_id";`);
  }
}
