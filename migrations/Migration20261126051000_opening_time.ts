import { Migration } from "@mikro-orm/migrations";

const EDITED = ["title", "description", "tags", "capacity", "reg_deadline", "start_date"];

/**
 * When registration opens; null is at once. The release before neither asks for it nor writes it: what
 * it creates is open at once, and it lets people in early, so opening times are kept from the moment on
 * at which its last process has ended.
 */
export class Migration20261126051000_opening_time extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "competition" add column "opens_at" timestamptz(3) null;`);
    this.addSql(
      `alter table "competition" add constraint "competition_opens_check" check (opens_at < reg_deadline);`,
    );
    this.addSql(countsEdits([...EDITED, "opens_at"]));
  }

  override async down(): Promise<void> {
    this.addSql(countsEdits(EDITED));
    this.addSql(`alter table "competition" drop constraint "competition_opens_check";`);
    this.addSql(`alter table "competition" drop column "opens_at";`);
  }
}

function countsEdits(columns: string[]): string {
  const rowOf = (which: "old" | "new") => columns.map((column) => `${which}.${column}`).join(", ");
  return `create or replace function "competition_counts_edits_fn"() returns trigger as $$ begin if (${rowOf("old")}) is distinct from (${rowOf("new")}) then new.version := old.version + 1; end if; return new; end; $$ language plpgsql;`;
}
