import { Migration } from "@mikro-orm/migrations";

/**
 * An index for searches, where the server has the extension pg_trgm and lets us use it. Where not,
 * the same searches read the table, within their time limit (app/domain/competitions/search.ts).
 */
export class Migration20261125230000_search extends Migration {
  override async up(): Promise<void> {
    // Turning an array of texts into a text depends on no setting; Postgres only knows it of arrays
    // in general that it may. An index needs the promise.
    this.addSql(
      `create function competition_search_text(title text, description text, tags text[]) returns text language sql immutable parallel safe as $$ select title || ' ' || description || ' ' || array_to_string(tags, ' ') $$;`,
    );
    // A managed server may lack it, or keep it to its administrators: no reason not to start.
    this.addSql(
      `do $$ begin create extension if not exists pg_trgm; exception when others then raise notice 'searches go without an index: %', sqlerrm; end $$;`,
    );
    // An administrator may have put it into a schema of its own.
    this.addSql(
      `do $$ declare home text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'); begin if home is not null then execute 'create index "competition_search_index" on "competition" using gin (competition_search_text("title", "description", "tags") ' || home || '.gin_trgm_ops)'; end if; exception when insufficient_privilege then raise notice 'searches go without an index: %', sqlerrm; end $$;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "competition_search_index";`);
    this.addSql(`drop function competition_search_text(text, text, text[]);`);
  }
}
