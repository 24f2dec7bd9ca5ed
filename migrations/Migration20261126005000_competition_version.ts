import { Migration } from "@mikro-orm/migrations";

/**
 * A competition's `version` counts its edits, so that who edits can say which one they saw. A trigger
 * counts, since a process of the release before edits without knowing of it.
 */
export class Migration20261126005000_competition_version extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table "competition" add column "version" int not null default 1;`);
    this.addSql(
      `create function "competition_counts_edits_fn"() returns trigger as $$ begin if (old.title, old.description, old.tags, old.capacity, old.reg_deadline, old.start_date) is distinct from (new.title, new.description, new.tags, new.capacity, new.reg_deadline, new.start_date) then new.version := old.version + 1; end if; return new; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "counts_edits" before update on "competition" for each row execute function "competition_counts_edits_fn"();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger "counts_edits" on "competition";`);
    this.addSql(`drop function "competition_counts_edits_fn"();`);
    this.addSql(`alter table "competition" drop column "version";`);
  }
}
