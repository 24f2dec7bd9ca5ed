import { Migration } from "@mikro-orm/migrations";

const EDITED = ["title", "description", "tags", "capacity", "reg_deadline", "start_date"];
const BEFORE = [...EDITED, "opens_at", "waitlist_limit"];
const ADDED = ["ends_at", "time_zone", "location", "late_entry"];

/**
 * End, time zone, place, late entry and short address of a competition. The release before neither
 * asks for them nor writes them: what it creates has no slug, and its id stands for one. It may move a
 * start behind an end, so that order is kept by the domain, not by a constraint.
 */
export class Migration20261126053000_what_when_where extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table "competition" add column "ends_at" timestamptz(3) null, add column "time_zone" varchar(64) not null default 'UTC', add column "location" varchar(300) null, add column "late_entry" boolean not null default false, add column "slug" varchar(80) null;`,
    );
    // Some started before their deadline before that was refused: they may go on as they are.
    this.addSql(
      `update competition set late_entry = true where date_trunc('minute', start_date) < date_trunc('minute', reg_deadline);`,
    );
    // The oldest of those with the same title gets its words; the others keep their ids.
    this.addSql(
      `update competition c set slug = s.slug from (select distinct on (slug) id, slug from (select id, created_at, rtrim(left(trim(both '-' from regexp_replace(plain_words(title), '[^[:alnum:]]+', '-', 'g')), 48), '-') as slug from competition) w where slug <> '' order by slug, created_at, id) s where s.id = c.id;`,
    );
    this.addSql(
      `alter table "competition" add constraint "competition_slug_unique" unique ("slug");`,
    );
    this.addSql(countsEdits([...BEFORE, ...ADDED]));
  }

  override async down(): Promise<void> {
    this.addSql(countsEdits(BEFORE));
    this.addSql(`alter table "competition" drop constraint "competition_slug_unique";`);
    for (const column of [...ADDED, "slug"]) {
      this.addSql(`alter table "competition" drop column "${column}";`);
    }
  }
}

function countsEdits(columns: string[]): string {
  const rowOf = (which: "old" | "new") => columns.map((column) => `${which}.${column}`).join(", ");
  return `create or replace function "competition_counts_edits_fn"() returns trigger as $$ begin if (${rowOf("old")}) is distinct from (${rowOf("new")}) then new.version := old.version + 1; end if; return new; end; $$ language plpgsql;`;
}
