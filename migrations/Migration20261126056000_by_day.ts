import { Migration } from "@mikro-orm/migrations";

/**
 * Competitions in the order of their days, of their openings and of their ends; places and organizers to
 * look for.
 */
export class Migration20261126056000_by_day extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create index "competition_day_index" on "competition" (greatest("start_date", "reg_deadline"), "id") where deleted_at is null;`,
    );
    this.addSql(
      `create index "competition_opening_index" on "competition" ("opens_at", "id") where deleted_at is null and opens_at is not null;`,
    );
    this.addSql(
      `create index "competition_past_index" on "competition" (coalesce("ends_at", "start_date"), "id") where deleted_at is null;`,
    );
    // pg_trgm may be missing, or in a schema of its own: see Migration20261125230000_search.
    this.addSql(
      `do $$ declare home text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'); begin if home is not null then execute 'create index "competition_place_index" on "competition" using gin (plain_words("location") ' || home || '.gin_trgm_ops)'; end if; exception when insufficient_privilege then raise notice 'searches go without an index: %', sqlerrm; end $$;`,
    );
    this.addSql(`create index "user_organizer_index" on "user" ("id") where role = 'ORGANIZER';`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index "user_organizer_index";`);
    this.addSql(`drop index if exists "competition_place_index";`);
    this.addSql(`drop index "competition_past_index";`);
    this.addSql(`drop index "competition_opening_index";`);
    this.addSql(`drop index "competition_day_index";`);
  }
}
